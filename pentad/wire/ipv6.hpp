#pragma once

/// The fixed header of IPv6 packets (RFC 8200 section 3). What may follow it before the payload is
/// in ipv6_extensions.hpp.

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

#include "pentad/base/byte_order.hpp"
#include "pentad/base/ip_address.hpp"
#include "pentad/base/ip_protocol.hpp"
#include "pentad/wire/address_bytes.hpp"
#include "pentad/wire/ip_ecn.hpp"
#include "pentad/wire/parse_error.hpp"

namespace pentad::wire {

struct ipv6_header {
  ip_address source;
  ip_address destination;
  ip_protocol next_header = ip_protocol::tcp;
  std::uint8_t hop_limit = 64;
  std::uint8_t traffic_class = 0;  ///< with ECN
  std::uint32_t flow_label = 0;    ///< 20 bits
  std::uint16_t payload_size = 0;  ///< in bytes, with extension headers

  [[nodiscard]] static constexpr std::size_t size() noexcept { return 40; }

  /// The scopes of the addresses are not on the wire.
  constexpr void emit(std::span<std::byte> out) const noexcept {
    assert(out.size() >= size() && source.is_v6() && destination.is_v6());
    store_be32(out.data(), std::uint32_t{6} << 28 | std::uint32_t{traffic_class} << 20 |
                               (flow_label & 0xf'ffff));
    store_be16(&out[4], payload_size);
    out[6] = static_cast<std::byte>(next_header);
    out[7] = std::byte{hop_limit};
    store_address(&out[8], source);
    store_address(&out[24], destination);
  }

  friend constexpr bool operator==(const ipv6_header&, const ipv6_header&) noexcept = default;
};

class ipv6_view {
 public:
  /// `packet` may be longer than the packet says of itself, as a padded Ethernet frame is.
  /// Errors: `truncated`; `malformed`, another version.
  [[nodiscard]] static constexpr parsed<ipv6_view> parse(
      std::span<const std::byte> packet) noexcept {
    const auto view = parse_quoted(packet);
    if (view && view->payload_length() > view->payload().size()) {
      return std::unexpected{parse_error::truncated};
    }
    return view;
  }

  /// A packet as ICMP errors quote it: with as much of its payload as was quoted.
  /// Errors: as above, but the payload may be cut.
  [[nodiscard]] static constexpr parsed<ipv6_view> parse_quoted(
      std::span<const std::byte> packet) noexcept {
    if (packet.size() < ipv6_header::size()) return std::unexpected{parse_error::truncated};
    if ((packet[0] >> 4) != std::byte{6}) return std::unexpected{parse_error::malformed};
    const std::size_t length = ipv6_header::size() + load_be16(&packet[4]);
    return ipv6_view{packet.first(length < packet.size() ? length : packet.size())};
  }

  /// Without a scope, which is not on the wire.
  [[nodiscard]] constexpr ip_address source() const noexcept { return load_v6(&packet_[8]); }
  /// Without a scope, which is not on the wire.
  [[nodiscard]] constexpr ip_address destination() const noexcept { return load_v6(&packet_[24]); }

  /// What the payload begins with: an upper-layer protocol or an extension header.
  [[nodiscard]] constexpr ip_protocol next_header() const noexcept {
    return static_cast<ip_protocol>(packet_[6]);
  }
  [[nodiscard]] constexpr std::uint8_t hop_limit() const noexcept {
    return std::to_integer<std::uint8_t>(packet_[7]);
  }
  [[nodiscard]] constexpr std::uint8_t traffic_class() const noexcept {
    return static_cast<std::uint8_t>(load_be32(packet_.data()) >> 20 & 0xff);
  }
  [[nodiscard]] constexpr ip_ecn ecn() const noexcept { return ecn_of(traffic_class()); }
  [[nodiscard]] constexpr std::uint32_t flow_label() const noexcept {
    return load_be32(packet_.data()) & 0xf'ffff;
  }

  /// As the header says. A quoted packet can be shorter.
  [[nodiscard]] constexpr std::uint16_t payload_length() const noexcept {
    return load_be16(&packet_[4]);
  }

  /// With extension headers, without the padding of the frame.
  [[nodiscard]] constexpr std::span<const std::byte> payload() const noexcept {
    return packet_.subspan(ipv6_header::size());
  }

  /// Header and payload, without the padding of the frame.
  [[nodiscard]] constexpr std::span<const std::byte> bytes() const noexcept { return packet_; }

  [[nodiscard]] constexpr ipv6_header header() const noexcept {
    return {.source = source(),
            .destination = destination(),
            .next_header = next_header(),
            .hop_limit = hop_limit(),
            .traffic_class = traffic_class(),
            .flow_label = flow_label(),
            .payload_size = payload_length()};
  }

 private:
  explicit constexpr ipv6_view(std::span<const std::byte> packet) noexcept : packet_{packet} {}

  std::span<const std::byte> packet_;
};

}  // namespace pentad::wire
