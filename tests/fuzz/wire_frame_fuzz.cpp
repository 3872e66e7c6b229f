/// A frame is read as deep as it goes, with and without its checksums. What is read lies in the
/// frame, and a header that is read is written back as it was, but for what its value leaves out.

#include <algorithm>
#include <array>

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
#include "tests/fuzz/wire_fuzz.hpp"

namespace {

using namespace pentad;
using namespace pentad::wire;
using namespace pentad::wire::fuzz;

using bytes = std::span<const std::byte>;

/// Whether the checksum is 0xffff, which is as correct as the 0 that is written in its place.
bool has_other_zero(bytes header, std::size_t checksum_at) {
  return load_be16(&header[checksum_at]) == 0xffff;
}

void read_quoted(bytes payload, ip_version version) {
  const auto quoted = quoted_packet::parse(payload, version);
  if (!quoted) return;
  require(is_inside(quoted->upper_layer, payload) && quoted->upper_layer.size() >= 8);
  require(quoted->sequence.has_value() == (quoted->tuple.protocol == ip_protocol::tcp));
}

void read_tcp(bytes segment, const pseudo_header& pseudo) {
  const auto view = tcp_view::parse(segment, pseudo, checksum_check::skip);
  if (tcp_view::parse(segment, pseudo)) require(view.has_value());
  if (!view) return;
  require(is_inside(view->payload(), segment));
  const tcp_header header = view->header();
  if (header.size() > tcp_header::largest_size) return;
  std::array<std::byte, tcp_header::largest_size> out{};
  header.emit(out, pseudo, {});
  const auto again = tcp_view::parse(bytes{out}.first(header.size()), pseudo);
  require(again && again->sequence() == view->sequence() && again->flags() == view->flags());
}

void read_udp(bytes datagram, const pseudo_header& pseudo) {
  const auto view = udp_view::parse(datagram, pseudo, checksum_check::skip);
  if (udp_view::parse(datagram, pseudo)) require(view.has_value());
  if (!view) return;
  require(is_inside(view->payload(), datagram));
  std::array<std::byte, udp_header::size()> out{};
  view->header().emit(out, pseudo, internet_sum{view->payload()});
  require(std::ranges::equal(bytes{out}.first(6), datagram.first(6)));
}

void read_icmpv4(bytes message) {
  const auto view = icmpv4_view::parse(message, checksum_check::skip);
  const bool correct = icmpv4_view::parse(message).has_value();
  if (!view) return;
  std::array<std::byte, icmpv4_header::size()> out{};
  view->header().emit(out, internet_sum{view->payload()});
  if (correct && !has_other_zero(message, 2)) require(std::ranges::equal(out, message.first(8)));
  if (is_error(view->type())) read_quoted(view->payload(), ip_version::v4);
}

void read_icmpv6(bytes message, const pseudo_header& pseudo) {
  const auto view = icmpv6_view::parse(message, pseudo, checksum_check::skip);
  if (icmpv6_view::parse(message, pseudo)) require(view.has_value());
  if (!view) return;
  require(is_inside(view->payload(), message));
  if (is_error(view->type())) read_quoted(view->payload(), ip_version::v6);
}

void read_upper_layer(ip_protocol protocol, bytes payload, const ip_address& source,
                      const ip_address& destination) {
  const pseudo_header pseudo{source, destination, protocol};
  if (protocol == ip_protocol::tcp) read_tcp(payload, pseudo);
  if (protocol == ip_protocol::udp) read_udp(payload, pseudo);
  if (protocol == ip_protocol::icmp) read_icmpv4(payload);
  if (protocol == ip_protocol::icmpv6) read_icmpv6(payload, pseudo);
}

void read_ipv4(bytes packet) {
  const auto view = ipv4_view::parse(packet, checksum_check::skip);
  if (!view) return;
  require(is_inside(view->payload(), packet) && is_inside(view->options(), packet));
  (void)view->has_source_route();
  const bool correct = ipv4_view::parse(packet).has_value() && !has_other_zero(packet, 10);
  const bool reserved_bit = (packet[6] & std::byte{0x80}) != std::byte{0};
  if (correct && view->options().empty() && !reserved_bit) {
    std::array<std::byte, ipv4_header::size()> out{};
    view->header().emit(out);
    require(std::ranges::equal(out, packet.first(out.size())));
  }
  if (!view->is_fragment()) {
    read_upper_layer(view->protocol(), view->payload(), view->source(), view->destination());
  }
}

void read_ipv6(bytes packet) {
  const auto view = ipv6_view::parse(packet);
  if (!view) return;
  require(is_inside(view->payload(), packet));
  std::array<std::byte, ipv6_header::size()> out{};
  view->header().emit(out);
  require(std::ranges::equal(out, packet.first(out.size())));
  const ipv6_walk walk = walk_extensions(*view);
  if (const auto* end = std::get_if<ipv6_upper_layer>(&walk)) {
    read_upper_layer(end->protocol, end->payload, view->source(), view->destination());
  }
}

void read_arp(bytes packet) {
  const auto view = arp_view::parse(packet);
  if (!view) return;
  std::array<std::byte, arp_packet::size()> out{};
  view->packet().emit(out);
  require(std::ranges::equal(out, packet.first(out.size())));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const bytes frame = input_of(data, size);
  const auto view = ethernet_view::parse(frame);
  if (!view) return 0;
  std::array<std::byte, ethernet_header::size()> out{};
  view->header().emit(out);
  require(std::ranges::equal(out, frame.first(out.size())));
  if (view->type() == ethertype::arp) read_arp(view->payload());
  if (view->type() == ethertype::ipv4) read_ipv4(view->payload());
  if (view->type() == ethertype::ipv6) read_ipv6(view->payload());
  return 0;
}
