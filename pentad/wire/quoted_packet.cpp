#include "pentad/wire/quoted_packet.hpp"

#include "pentad/base/byte_order.hpp"
#include "pentad/wire/ipv4.hpp"
#include "pentad/wire/ipv6.hpp"
#include "pentad/wire/ipv6_extensions.hpp"

namespace pentad::wire {

namespace {

parsed<quoted_packet> parse_upper_layer(const ip_address& source, const ip_address& destination,
                                        ip_protocol protocol,
                                        std::span<const std::byte> bytes) noexcept {
  constexpr std::size_t least_quoted = 8;
  if (bytes.size() < least_quoted) return std::unexpected{parse_error::truncated};
  quoted_packet quoted{
      .tuple = {protocol, {source, 0}, {destination, 0}}, .sequence = {}, .upper_layer = bytes};
  if (has_ports(protocol)) {
    quoted.tuple.local.port = load_be16(bytes.data());
    quoted.tuple.remote.port = load_be16(&bytes[2]);
  }
  if (protocol == ip_protocol::tcp) quoted.sequence = tcp_sequence{load_be32(&bytes[4])};
  return quoted;
}

parsed<quoted_packet> parse_v4(std::span<const std::byte> payload) noexcept {
  const auto packet = ipv4_view::parse_quoted(payload);
  if (!packet) return std::unexpected{packet.error()};
  if (packet->fragment_offset() != 0) return std::unexpected{parse_error::unsupported};
  return parse_upper_layer(packet->source(), packet->destination(), packet->protocol(),
                           packet->payload());
}

parsed<quoted_packet> parse_v6(std::span<const std::byte> payload) noexcept {
  const auto packet = ipv6_view::parse_quoted(payload);
  if (!packet) return std::unexpected{packet.error()};
  const auto end = skip_extensions(packet->next_header(), packet->payload());
  if (!end) return std::unexpected{parse_error::unsupported};
  return parse_upper_layer(packet->source(), packet->destination(), end->protocol, end->payload);
}

}  // namespace

parsed<quoted_packet> quoted_packet::parse(std::span<const std::byte> payload,
                                           ip_version version) noexcept {
  return version == ip_version::v4 ? parse_v4(payload) : parse_v6(payload);
}

}  // namespace pentad::wire
