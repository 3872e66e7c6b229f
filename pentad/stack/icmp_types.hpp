// A set of ICMP types.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>

namespace pentad {

class icmp_types {
 public:
  constexpr icmp_types() noexcept = default;
  constexpr icmp_types(std::initializer_list<std::uint8_t> types) noexcept {
    for (const std::uint8_t each : types) insert(each);
  }

  constexpr void insert(std::uint8_t type) noexcept {
    words_[type / 64] |= std::uint64_t{1} << type % 64;
  }

  [[nodiscard]] constexpr bool contains(std::uint8_t type) const noexcept {
    return (words_[type / 64] >> type % 64 & 1) != 0;
  }

  friend constexpr bool operator==(const icmp_types&, const icmp_types&) noexcept = default;

 private:
  std::array<std::uint64_t, 4> words_{};
};

}  // namespace pentad
