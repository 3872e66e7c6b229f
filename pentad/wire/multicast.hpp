#pragma once

/// The multicast addresses that hosts need to find each other.

#include <algorithm>
#include <array>
#include <cstddef>

#include "pentad/base/ip_address.hpp"
#include "pentad/base/mac_address.hpp"

namespace pentad::wire {

/// The Ethernet address to which packets for a multicast group are sent (RFC 1112 section 6.4, RFC
/// 2464 section 7).
[[nodiscard]] constexpr mac_address multicast_mac(const ip_address& group) noexcept {
  const auto low = group.bytes().last<4>();
  if (group.is_v4()) {
    return mac_address{{std::byte{0x01}, std::byte{0x00}, std::byte{0x5e}, low[1] & std::byte{0x7f},
                        low[2], low[3]}};
  }
  return mac_address{{std::byte{0x33}, std::byte{0x33}, low[0], low[1], low[2], low[3]}};
}

/// ff02::1 (RFC 4291 section 2.7.1)
[[nodiscard]] constexpr ip_address all_nodes() noexcept {
  std::array<std::byte, 16> bytes{std::byte{0xff}, std::byte{0x02}};
  bytes[15] = std::byte{1};
  return ip_address::v6(bytes);
}

/// ff02::2 (RFC 4291 section 2.7.1)
[[nodiscard]] constexpr ip_address all_routers() noexcept {
  std::array<std::byte, 16> bytes{std::byte{0xff}, std::byte{0x02}};
  bytes[15] = std::byte{2};
  return ip_address::v6(bytes);
}

/// ff02::1:ffXX:XXXX, the group of all nodes whose address ends as this one does (RFC 4291 section
/// 2.7.1). Without a scope.
[[nodiscard]] constexpr ip_address solicited_node(const ip_address& address) noexcept {
  const auto low = address.bytes().last<3>();
  std::array<std::byte, 16> bytes{std::byte{0xff}, std::byte{0x02}};
  bytes[11] = std::byte{1};
  bytes[12] = std::byte{0xff};
  bytes[13] = low[0];
  bytes[14] = low[1];
  bytes[15] = low[2];
  return ip_address::v6(bytes);
}

/// Whether it is such a group, ff02::1:ff00:0/104.
[[nodiscard]] constexpr bool is_solicited_node(const ip_address& address) noexcept {
  return address.is_v6() && std::ranges::equal(address.bytes().first<13>(),
                                               solicited_node(address).bytes().first<13>());
}

}  // namespace pentad::wire
