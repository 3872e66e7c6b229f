#include "pentad/inspect/packet_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "pentad/base/five_tuple.hpp"
#include "pentad/inspect/icmp_text.hpp"
#include "pentad/wire/arp.hpp"
#include "pentad/wire/ethernet.hpp"
#include "pentad/wire/icmpv4.hpp"
#include "pentad/wire/icmpv6.hpp"
#include "pentad/wire/ipv4.hpp"
#include "pentad/wire/ipv6.hpp"
#include "pentad/wire/ipv6_extensions.hpp"
#include "pentad/wire/quoted_packet.hpp"
#include "pentad/wire/tcp.hpp"
#include "pentad/wire/udp.hpp"

namespace pentad {
namespace {

using bytes = std::span<const std::byte>;

constexpr std::uint16_t vlan_type = 0x8100;  // IEEE 802.1Q
constexpr std::size_t vlan_tag_size = 4;

std::string number(std::uint64_t value) { return std::to_string(value); }

// Services by their well-known ports (IANA), in the words of people.
std::string_view service_name(std::uint16_t port) noexcept {
  switch (port) {
    case 22:
      return "ssh";
    case 25:
      return "smtp";
    case 53:
      return "dns";
    case 67:
    case 68:
      return "dhcp";
    case 80:
      return "http";
    case 123:
      return "ntp";
    case 443:
      return "https";
    case 546:
    case 547:
      return "dhcpv6";
    case 853:
      return "dns over tls";
    case 5353:
      return "mdns";
    case 6667:
      return "irc";
    case 6697:
      return "irc over tls";
    default:
      return {};
  }
}

std::string service_of(std::uint16_t one, std::uint16_t other) {
  std::string_view name = service_name(other);
  if (name.empty()) name = service_name(one);
  return name.empty() ? std::string() : std::string(" ").append(name);
}

std::string flags_text(wire::tcp_flags flags) {
  constexpr std::array<std::pair<wire::tcp_flags, std::string_view>, 8> names{{
      {wire::tcp_syn, "SYN"},
      {wire::tcp_fin, "FIN"},
      {wire::tcp_rst, "RST"},
      {wire::tcp_psh, "PSH"},
      {wire::tcp_ack, "ACK"},
      {wire::tcp_urg, "URG"},
      {wire::tcp_ece, "ECE"},
      {wire::tcp_cwr, "CWR"},
  }};
  std::string text = " [";
  for (const auto& [flag, name] : names) {
    if (!flags.has(flag)) continue;
    if (text.size() > 2) text += ' ';
    text += name;
  }
  return text + "]";
}

// The payload of an IP packet: what of it was captured, and how long it was.
struct upper_layer {
  ip_protocol protocol;
  ip_address source;
  ip_address destination;
  bytes captured;
  std::size_t size;
};

std::string tuple_text(const upper_layer& of, std::uint16_t source_port = 0,
                       std::uint16_t destination_port = 0) {
  return to_string(
      five_tuple{of.protocol, {of.source, source_port}, {of.destination, destination_port}});
}

std::string without_ports(const upper_layer& of) {
  return to_string(of.protocol) + " " + to_string(of.source) + " > " + to_string(of.destination);
}

std::string tcp_text(const upper_layer& of) {
  const wire::pseudo_header nobody({}, {}, ip_protocol::tcp);
  const auto segment = wire::tcp_view::parse(of.captured, nobody, wire::checksum_check::skip);
  if (!segment) return without_ports(of) + " (not a whole header)";
  std::string text = tuple_text(of, segment->source_port(), segment->destination_port());
  text += flags_text(segment->flags()) + " seq " + number(segment->sequence().number());
  if (segment->flags().has(wire::tcp_ack)) {
    text += " ack " + number(segment->acknowledgment().number());
  }
  text += " win " + number(segment->window());
  if (of.size >= segment->header_size()) {
    text += " length " + number(of.size - segment->header_size());
  }
  return text + service_of(segment->source_port(), segment->destination_port());
}

std::string udp_text(const upper_layer& of) {
  if (of.captured.size() < wire::udp_header::size()) {
    return without_ports(of) + " (not a whole header)";
  }
  const std::uint16_t source = load_be16(of.captured.data());
  const std::uint16_t destination = load_be16(&of.captured[2]);
  const std::size_t length = load_be16(&of.captured[4]);
  std::string text = tuple_text(of, source, destination);
  if (length >= wire::udp_header::size()) {
    text += " length " + number(length - wire::udp_header::size());
  } else {
    text += " (malformed)";
  }
  return text + service_of(source, destination);
}

std::string icmp_message_text(const upper_layer& of) {
  if (of.captured.size() < wire::icmpv4_header::size()) {
    return without_ports(of) + " (not a whole header)";
  }
  const ip_version version = of.source.version();
  const auto type = std::to_integer<std::uint8_t>(of.captured[0]);
  const auto code = std::to_integer<std::uint8_t>(of.captured[1]);
  std::string text = without_ports(of) + " " + icmp_text(version, type, code);
  const bool is_v4 = version == ip_version::v4;
  const bool is_echo = is_v4 ? type == 0 || type == 8 : type == 128 || type == 129;
  if (is_echo) {
    text +=
        " id " + number(load_be16(&of.captured[4])) + " seq " + number(load_be16(&of.captured[6]));
  }
  const bool is_error = is_v4 ? wire::is_error(static_cast<wire::icmpv4_type>(type))
                              : wire::is_error(static_cast<wire::icmpv6_type>(type));
  if (is_error) {
    const auto quoted = wire::quoted_packet::parse(of.captured.subspan(8), version);
    if (quoted) text += " about " + to_string(quoted->tuple);
  }
  return text + " length " + number(of.size - std::min(of.size, wire::icmpv4_header::size()));
}

std::string upper_layer_text(const upper_layer& of) {
  const bool is_icmp = of.protocol == (of.source.is_v4() ? ip_protocol::icmp : ip_protocol::icmpv6);
  if (is_icmp) return icmp_message_text(of);
  if (of.protocol == ip_protocol::tcp) return tcp_text(of);
  if (of.protocol == ip_protocol::udp) return udp_text(of);
  return without_ports(of) + " length " + number(of.size);
}

std::string ipv4_text(bytes packet) {
  const auto view = wire::ipv4_view::parse_quoted(packet);
  if (!view) return "ipv4 (malformed)";
  upper_layer inside{view->protocol(), view->source(), view->destination(), view->payload(),
                     std::size_t{view->total_length()} - view->header_size()};
  if (view->fragment_offset() != 0) {
    return without_ports(inside) + " fragment at " + number(view->fragment_offset()) + " length " +
           number(inside.size);
  }
  std::string text = upper_layer_text(inside);
  if (view->more_fragments()) text += " (first fragment)";
  return text;
}

std::string ipv6_text(bytes packet) {
  const auto view = wire::ipv6_view::parse_quoted(packet);
  if (!view) return "ipv6 (malformed)";
  upper_layer inside{view->next_header(), view->source(), view->destination(), view->payload(),
                     view->payload_length()};
  const auto end = wire::skip_extensions(view->next_header(), view->payload());
  if (!end) return without_ports(inside) + " length " + number(inside.size);
  // What was skipped is captured, so it is part of the length unless the packet lies about it.
  const std::size_t skipped = view->payload().size() - end->payload.size();
  inside.protocol = end->protocol;
  inside.captured = end->payload;
  inside.size -= std::min(inside.size, skipped);
  return upper_layer_text(inside);
}

std::string arp_text(bytes packet) {
  const auto view = wire::arp_view::parse(packet);
  if (!view) return "arp (of another kind)";
  if (view->operation() == wire::arp_operation::request) {
    return "arp who has " + to_string(view->target_ip()) + ", tell " + to_string(view->sender_ip());
  }
  return "arp " + to_string(view->sender_ip()) + " is at " + to_string(view->sender_mac());
}

std::string hexadecimal(std::uint16_t value) {
  std::array<char, 4> text;
  text_writer writer{text};
  writer.put_hex(static_cast<std::byte>(value >> 8));
  writer.put_hex(static_cast<std::byte>(value & 0xff));
  return "0x" + std::string(writer.text());
}

std::string ethernet_text(bytes frame, std::size_t size) {
  if (frame.size() < wire::ethernet_header::size()) {
    return "ethernet (not a whole header) length " + number(size);
  }
  const mac_address source = wire::load_mac(&frame[6]);
  const mac_address destination = wire::load_mac(frame.data());
  std::uint16_t type = load_be16(&frame[12]);
  bytes payload = frame.subspan(wire::ethernet_header::size());
  std::string text;
  while (type == vlan_type && payload.size() >= vlan_tag_size) {
    text += "vlan " + number(load_be16(payload.data()) & 0xfffU) + " ";
    type = load_be16(&payload[2]);
    payload = payload.subspan(vlan_tag_size);
  }
  switch (static_cast<wire::ethertype>(type)) {
    case wire::ethertype::ipv4:
      return text + ipv4_text(payload);
    case wire::ethertype::ipv6:
      return text + ipv6_text(payload);
    case wire::ethertype::arp:
      return text + arp_text(payload);
  }
  // Below 0x600 it is a length (IEEE 802.3 clause 3.2.6).
  const std::string kind = type < 0x600 ? "802.3" : "type " + hexadecimal(type);
  return text + "ethernet " + to_string(source) + " > " + to_string(destination) + " " + kind +
         " length " + number(size);
}

}  // namespace

std::string packet_text(std::span<const std::byte> frame, std::size_t size,
                        wire::pcapng_link link) {
  if (link == wire::pcapng_link::ethernet) return ethernet_text(frame, size);
  if (link != wire::pcapng_link::raw_ip || frame.empty()) {
    return "link type " + number(static_cast<std::uint16_t>(link)) + " length " + number(size);
  }
  return (frame[0] >> 4) == std::byte{6} ? ipv6_text(frame) : ipv4_text(frame);
}

}  // namespace pentad
