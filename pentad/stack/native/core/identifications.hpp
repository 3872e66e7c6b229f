// The numbers by which the fragments of one packet are told from those of others: counted for each
// pair of hosts, so that they come again late, and begun at random, so that nobody else can tell
// what comes next (RFC 6864, section 5.3; RFC 7739, section 5.3).
#pragma once

#include <array>

#include "pentad/base/ip_address.hpp"
#include "pentad/base/ip_protocol.hpp"
#include "pentad/stack/native/core/random_numbers.hpp"

namespace pentad::native {

class identifications {
 public:
  explicit identifications(random_numbers& numbers) noexcept : key_(numbers.key()) {
    for (std::uint32_t& each : counts_) each = static_cast<std::uint32_t>(numbers.next());
  }

  std::uint32_t next(const ip_address& source, const ip_address& destination,
                     ip_protocol protocol) noexcept {
    const std::uint64_t hash = siphash(key_)
                                   .add(source.bytes())
                                   .add(destination.bytes())
                                   .add(static_cast<std::uint64_t>(protocol))
                                   .finish();
    // Pairs that share a counter begin at different numbers.
    return counts_[hash % counts_.size()]++ + static_cast<std::uint32_t>(hash >> 32);
  }

 private:
  siphash_key key_;
  std::array<std::uint32_t, 256> counts_;
};

}  // namespace pentad::native
