#pragma once

/// Addresses as they lie in headers.

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "pentad/base/ip_address.hpp"
#include "pentad/base/mac_address.hpp"

namespace pentad::wire {

template <std::size_t Size>
[[nodiscard]] constexpr std::array<std::byte, Size> load_bytes(const std::byte* from) noexcept {
  std::array<std::byte, Size> bytes{};
  std::copy_n(from, Size, bytes.begin());
  return bytes;
}

[[nodiscard]] constexpr ip_address load_v4(const std::byte* from) noexcept {
  return ip_address::v4(load_bytes<4>(from));
}

/// Without a scope, which is not on the wire: a receiver knows it from the link.
[[nodiscard]] constexpr ip_address load_v6(const std::byte* from) noexcept {
  return ip_address::v6(load_bytes<16>(from));
}

[[nodiscard]] constexpr mac_address load_mac(const std::byte* from) noexcept {
  return mac_address{load_bytes<mac_address::size>(from)};
}

/// Writes the 4 or 16 bytes of the address.
constexpr void store_address(std::byte* to, const ip_address& address) noexcept {
  std::ranges::copy(address.bytes(), to);
}

constexpr void store_address(std::byte* to, const mac_address& address) noexcept {
  std::ranges::copy(address.bytes(), to);
}

}  // namespace pentad::wire
