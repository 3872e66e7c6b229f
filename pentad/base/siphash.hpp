// SipHash (Aumasson and Bernstein): a keyed hash that a peer cannot predict. With 2 and 4 rounds
// for what peers see of it, sequence numbers and ports; with 1 and 3 for the order of hash tables,
// which nobody sees (Linux has it so, too).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace pentad {

struct siphash_key {
  std::uint64_t k0;
  std::uint64_t k1;
};

template <unsigned Rounds, unsigned LastRounds>
class basic_siphash {
 public:
  constexpr explicit basic_siphash(siphash_key key) noexcept
      : v0_(key.k0 ^ 0x736f6d6570736575U),
        v1_(key.k1 ^ 0x646f72616e646f6dU),
        v2_(key.k0 ^ 0x6c7967656e657261U),
        v3_(key.k1 ^ 0x7465646279746573U) {}

  /// Adds one word; what is hashed must be told apart by its words alone.
  constexpr basic_siphash& add(std::uint64_t word) noexcept {
    v3_ ^= word;
    for (unsigned i = 0; i != Rounds; ++i) round();
    v0_ ^= word;
    length_ += 8;
    return *this;
  }

  constexpr basic_siphash& add(std::span<const std::byte> bytes) noexcept {
    std::uint64_t word = 0;
    unsigned filled = 0;
    for (const std::byte each : bytes) {
      word |= std::to_integer<std::uint64_t>(each) << (8 * filled);
      if (++filled == 8) {
        add(word);
        word = 0;
        filled = 0;
      }
    }
    if (filled != 0) add(word);
    return *this;
  }

  constexpr std::uint64_t finish() noexcept {
    add(length_ << 56);
    v2_ ^= 0xff;
    for (unsigned i = 0; i != LastRounds; ++i) round();
    return v0_ ^ v1_ ^ v2_ ^ v3_;
  }

 private:
  constexpr void round() noexcept {
    v0_ += v1_;
    v1_ = std::rotl(v1_, 13) ^ v0_;
    v0_ = std::rotl(v0_, 32);
    v2_ += v3_;
    v3_ = std::rotl(v3_, 16) ^ v2_;
    v0_ += v3_;
    v3_ = std::rotl(v3_, 21) ^ v0_;
    v2_ += v1_;
    v1_ = std::rotl(v1_, 17) ^ v2_;
    v2_ = std::rotl(v2_, 32);
  }

  std::uint64_t v0_, v1_, v2_, v3_;
  std::uint64_t length_ = 0;
};

using siphash = basic_siphash<2, 4>;
using table_siphash = basic_siphash<1, 3>;

}  // namespace pentad
