#pragma once

/// The option by which a packet asks routers on its way to look at it, as those about multicast
/// groups have to (RFC 2113 for IPv4, RFC 2711 for IPv6).

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

#include "pentad/base/byte_order.hpp"
#include "pentad/wire/checksum.hpp"
#include "pentad/wire/ipv4.hpp"

namespace pentad::wire {

/// Bytes of an IPv4 header with this option alone.
inline constexpr std::size_t ipv4_router_alert_header_size = ipv4_header::size() + 4;

/// Writes `header` with the option, and its checksum.
constexpr void emit_with_router_alert(std::span<std::byte> out, ipv4_header header) noexcept {
  assert(out.size() >= ipv4_router_alert_header_size);
  constexpr std::array option{std::byte{ipv4_view::router_alert_option}, std::byte{4}, std::byte{0},
                              std::byte{0}};
  header.payload_size = static_cast<std::uint16_t>(header.payload_size + option.size());
  header.emit(out);
  out[0] = std::byte{0x46};  // six words
  std::ranges::copy(option, out.begin() + ipv4_header::size());
  store_be16(&out[10], 0);
  store_be16(&out[10], internet_sum{out.first(ipv4_router_alert_header_size)}.checksum());
}

/// Bytes of the hop-by-hop header that has this option.
inline constexpr std::size_t ipv6_router_alert_size = 8;

/// Its protocol number, that of hop-by-hop options (RFC 8200 section 4.3).
inline constexpr ip_protocol ipv6_router_alert_protocol{0};

/// Writes a hop-by-hop header with the option, for messages of MLD (RFC 2711 section 2.1).
constexpr void emit_router_alert(std::span<std::byte> out, ip_protocol next_header) noexcept {
  assert(out.size() >= ipv6_router_alert_size);
  constexpr std::array header{std::byte{0}, std::byte{0}, std::byte{5}, std::byte{2},
                              std::byte{0}, std::byte{0}, std::byte{1}, std::byte{0}};
  std::ranges::copy(header, out.begin());
  out[0] = static_cast<std::byte>(next_header);
}

}  // namespace pentad::wire
