#pragma once

/// The two bits of an IP header with which routers report congestion instead of dropping packets
/// (RFC 3168 section 5). They are the low bits of IPv4's type of service and IPv6's traffic class.

#include <cstdint>

namespace pentad::wire {

enum class ip_ecn : std::uint8_t {
  not_capable = 0,
  capable_1 = 1,  ///< ECT(1)
  capable_0 = 2,  ///< ECT(0), what RFC 3168 has senders use
  congestion_experienced = 3,
};

[[nodiscard]] constexpr ip_ecn ecn_of(std::uint8_t traffic_class) noexcept {
  return static_cast<ip_ecn>(traffic_class & 3);
}

[[nodiscard]] constexpr std::uint8_t with_ecn(std::uint8_t traffic_class, ip_ecn ecn) noexcept {
  return static_cast<std::uint8_t>((traffic_class & ~3) | static_cast<std::uint8_t>(ecn));
}

}  // namespace pentad::wire
