#pragma once

/// The address resolution protocol between Ethernet and IPv4 (RFC 826).

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

#include "pentad/base/byte_order.hpp"
#include "pentad/base/ip_address.hpp"
#include "pentad/base/mac_address.hpp"
#include "pentad/wire/address_bytes.hpp"
#include "pentad/wire/ethernet.hpp"
#include "pentad/wire/parse_error.hpp"

namespace pentad::wire {

enum class arp_operation : std::uint16_t { request = 1, reply = 2 };

struct arp_packet {
  arp_operation operation = arp_operation::request;
  mac_address sender_mac;
  ip_address sender_ip;
  mac_address target_mac;  ///< zero in a request
  ip_address target_ip;

  static constexpr std::uint16_t ethernet_hardware = 1;

  [[nodiscard]] static constexpr std::size_t size() noexcept { return 28; }

  /// Both IP addresses are IPv4.
  constexpr void emit(std::span<std::byte> out) const noexcept {
    assert(out.size() >= size() && sender_ip.is_v4() && target_ip.is_v4());
    store_be16(out.data(), ethernet_hardware);
    store_be16(&out[2], static_cast<std::uint16_t>(ethertype::ipv4));
    out[4] = std::byte{6};
    out[5] = std::byte{4};
    store_be16(&out[6], static_cast<std::uint16_t>(operation));
    store_address(&out[8], sender_mac);
    store_address(&out[14], sender_ip);
    store_address(&out[18], target_mac);
    store_address(&out[24], target_ip);
  }

  friend constexpr bool operator==(const arp_packet&, const arp_packet&) noexcept = default;
};

class arp_view {
 public:
  /// What follows the packet is padding of the frame and ignored.
  /// Errors: `truncated`; `unsupported`, other hardware, another protocol or another operation.
  [[nodiscard]] static constexpr parsed<arp_view> parse(
      std::span<const std::byte> packet) noexcept {
    if (packet.size() < arp_packet::size()) return std::unexpected{parse_error::truncated};
    const arp_view view{packet.first<arp_packet::size()>()};
    if (!view.is_ethernet_and_ipv4()) return std::unexpected{parse_error::unsupported};
    if (view.operation() != arp_operation::request && view.operation() != arp_operation::reply) {
      return std::unexpected{parse_error::unsupported};
    }
    return view;
  }

  [[nodiscard]] constexpr arp_operation operation() const noexcept {
    return static_cast<arp_operation>(load_be16(&bytes_[6]));
  }
  [[nodiscard]] constexpr mac_address sender_mac() const noexcept { return load_mac(&bytes_[8]); }
  [[nodiscard]] constexpr ip_address sender_ip() const noexcept { return load_v4(&bytes_[14]); }
  [[nodiscard]] constexpr mac_address target_mac() const noexcept { return load_mac(&bytes_[18]); }
  [[nodiscard]] constexpr ip_address target_ip() const noexcept { return load_v4(&bytes_[24]); }

  [[nodiscard]] constexpr arp_packet packet() const noexcept {
    return {operation(), sender_mac(), sender_ip(), target_mac(), target_ip()};
  }

 private:
  explicit constexpr arp_view(std::span<const std::byte, arp_packet::size()> bytes) noexcept
      : bytes_{bytes} {}

  [[nodiscard]] constexpr bool is_ethernet_and_ipv4() const noexcept {
    return load_be16(bytes_.data()) == arp_packet::ethernet_hardware &&
           load_be16(&bytes_[2]) == static_cast<std::uint16_t>(ethertype::ipv4) &&
           bytes_[4] == std::byte{6} && bytes_[5] == std::byte{4};
  }

  std::span<const std::byte, arp_packet::size()> bytes_;
};

}  // namespace pentad::wire
