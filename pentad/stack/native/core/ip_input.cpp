#include "pentad/stack/native/core/ip_input.hpp"

#include "pentad/stack/native/core/dhcp_client.hpp"
#include "pentad/stack/native/core/group_reports.hpp"
#include "pentad/stack/native/core/scope.hpp"
#include "pentad/wire/udp.hpp"

namespace pentad::native {
namespace {

/// 240.0.0.0/4 is no host's (RFC 1122, section 3.2.1.3); this includes the broadcast to all.
bool is_class_e(const ip_address& address) noexcept {
  return address.is_v4() && (address.bytes()[0] & std::byte{0xf0}) == std::byte{0xf0};
}

/// Groups that no packet from another host can be for (RFC 4291, section 2.7).
bool stays_inside(const ip_address& group) noexcept {
  return group.is_v6() && (group.bytes()[1] & std::byte{0x0f}) <= std::byte{1};
}

/// Whether it was for the client of DHCP on that interface.
bool give_to_dhcp(interface& from, const incoming_packet& arrived) {
  const auto check =
      arrived.checksum_is_known_good ? wire::checksum_check::skip : wire::checksum_check::verify;
  const wire::pseudo_header pseudo(arrived.source, arrived.destination, ip_protocol::udp);
  const auto datagram = wire::udp_view::parse(arrived.payload.bytes(), pseudo, check);
  if (!datagram || datagram->destination_port() != wire::dhcpv4_client_port ||
      datagram->source_port() != wire::dhcpv4_server_port) {
    return false;
  }
  from.dhcp()->receive(datagram->payload());
  return true;
}

bool is_checked(packet_offload offload) noexcept {
  return offload.checksum != checksum_state::none;
}

}  // namespace

ip_input::ip_input(context& shared, ip_output& output, const transport_table& transports,
                   raw_ports& raw)
    : context_(shared),
      output_(output),
      transports_(transports),
      raw_(raw),
      icmp_(shared, output, transports, raw),
      reassembly_(shared, *this),
      known_arrivals_(shared) {}

void ip_input::receive_v4(interface& from, packet&& arrived, bool link_group) {
  ++context_.counters.packets_received;
  process_v4(from, std::move(arrived), link_group);
}

void ip_input::receive_v6(interface& from, packet&& arrived, bool link_group) {
  ++context_.counters.packets_received;
  process_v6(from, std::move(arrived), link_group);
}

void ip_input::receive_local(packet&& arrived) {
  receive(output_.interfaces().loopback(), std::move(arrived), false);
}

void ip_input::receive_looped(interface& to, packet&& arrived) {
  is_looped_ = true;
  receive(to, std::move(arrived), true);
  is_looped_ = false;
}

void ip_input::receive(interface& from, packet&& arrived, bool link_group) {
  if ((arrived.bytes()[0] >> 4) == std::byte{4}) {
    receive_v4(from, std::move(arrived), link_group);
  } else {
    receive_v6(from, std::move(arrived), link_group);
  }
}

ip_input::audience ip_input::audience_of(const interface& from, const ip_address& destination,
                                         bool link_group) const noexcept {
  if (destination.is_multicast()) {
    if (stays_inside(destination) && !from.is_loopback()) return audience::nobody_here;
    return from.is_member(destination) ? audience::group : audience::nobody_here;
  }
  if (from.is_broadcast(destination)) return audience::group;
  // RFC 1122, section 3.3.6: a frame to all hosts has no packet to one in it.
  if (link_group || !output_.is_local(destination)) return audience::nobody_here;
  // RFC 1122, section 3.2.1.3 g: loopback addresses are not on any wire.
  if (destination.is_loopback() && !from.is_loopback()) return audience::nobody_here;
  return audience::this_host;
}

bool ip_input::is_valid_source(const interface& from, const ip_address& source,
                               audience whom) const noexcept {
  if (source.is_multicast() || is_class_e(source) || source.is_v4_mapped()) return false;
  if (from.is_loopback() || is_looped_) return true;
  // "This host on this network" (RFC 1122, section 3.2.1.3 a) asks all for its address.
  if (source.is_unspecified()) return whom == audience::group;
  return !from.is_broadcast(source) && !output_.is_local(source);
}

ip_input::audience ip_input::admit(const interface& from, const ip_address& source,
                                   const ip_address& destination, bool link_group) {
  if (!link_group) {
    const known_arrival* const known = known_arrivals_.find(source, destination);
    if (known != nullptr && known->from == &from) return audience::this_host;
  }
  const audience whom = audience_of(from, destination, link_group);
  if (whom == audience::nobody_here) {
    ++context_.counters.packets_for_others;
    return whom;
  }
  if (!is_valid_source(from, source, whom)) {
    ++context_.counters.invalid_sources;
    return audience::nobody_here;
  }
  if (whom == audience::this_host) {
    known_arrivals_.remember({.source = source, .destination = destination, .from = &from});
  }
  return whom;
}

void ip_input::process_v4(interface& from, packet&& arrived, bool link_group) {
  const auto view = wire::ipv4_view::parse(std::as_const(arrived).bytes());
  if (!view) {
    ++context_.counters.malformed_packets;
    return;
  }
  const audience whom = admit(from, view->source(), view->destination(), link_group);
  if (whom == audience::nobody_here) return;
  if (view->has_source_route()) {
    ++context_.counters.source_routed;
    return;
  }
  const bool to_group = whom == audience::group || link_group;
  if (view->is_fragment()) {
    collect_v4(from, *view, std::move(arrived), to_group);
  } else {
    deliver_v4(from, *view, std::move(arrived), to_group);
  }
}

void ip_input::collect_v4(interface& from, const wire::ipv4_view& view, packet&& arrived,
                          bool to_group) {
  const std::size_t size = view.payload().size();
  const bool is_cut_wrong = view.more_fragments() && size % 8 != 0;
  const bool is_too_long = view.header_size() + view.fragment_offset() + size > 65535;
  if (size == 0 || is_cut_wrong || is_too_long) {
    ++context_.counters.fragments_received;
    ++context_.counters.malformed_fragments;
    return;
  }
  const fragment_key key{.source = view.source(),
                         .destination = view.destination(),
                         .identification = view.identification(),
                         .protocol = view.protocol()};
  incoming_fragment fragment;
  fragment.header_size = view.header_size();
  fragment.offset = view.fragment_offset();
  fragment.size = static_cast<std::uint16_t>(size);
  fragment.more_fragments = view.more_fragments();
  fragment.traffic_class = view.traffic_class();
  fragment.to_group = to_group;
  fragment.interface = from.index();
  fragment.content = std::move(arrived);
  packet whole = reassembly_.add(key, std::move(fragment));
  if (!whole) return;
  const auto complete =
      wire::ipv4_view::parse(std::as_const(whole).bytes(), wire::checksum_check::skip);
  if (complete) deliver_v4(from, *complete, std::move(whole), to_group);
}

void ip_input::deliver_v4(interface& from, const wire::ipv4_view& view, packet&& arrived,
                          bool to_group) {
  const std::size_t header = view.header_size();
  incoming_packet made{.payload = {},
                       .source = view.source(),
                       .destination = view.destination(),
                       .protocol = view.protocol(),
                       .time_to_live = view.time_to_live(),
                       .traffic_class = view.traffic_class(),
                       .interface = from.index(),
                       .checksum_is_known_good = is_checked(arrived.offload()),
                       .to_group = to_group,
                       .router_alert = view.has_router_alert()};
  arrived.truncate(view.total_length());
  const bool was_heard = raw_.hear(arrived, header, made);
  arrived.remove_prefix(header);
  made.payload = std::move(arrived);
  if (made.protocol == ip_protocol::icmp) {
    ++context_.counters.packets_delivered;
    return icmp_.receive_v4(from, std::move(made));
  }
  if (made.protocol == ip_protocol::udp && from.dhcp() != nullptr && give_to_dhcp(from, made))
    return;
  if (made.protocol == wire::igmp_protocol) {
    ++context_.counters.packets_delivered;
    return receive_igmp(context_, from, made);
  }
  wire::icmpv4_unreachable why = wire::icmpv4_unreachable::protocol;
  if (transport* const to = transports_.find(made.protocol)) {
    if (to->deliver(std::move(made), context_.now)) {
      ++context_.counters.packets_delivered;
      return;
    }
    why = wire::icmpv4_unreachable::port;
  } else {
    if (was_heard) return;
    ++context_.counters.unknown_protocols;
  }
  // Nobody took the packet, so it is still where it was.
  icmp_.answer(wire::icmpv4_header::unreachable(why), view.bytes(), to_group);
}

void ip_input::process_v6(interface& from, packet&& arrived, bool link_group) {
  const auto view = wire::ipv6_view::parse(std::as_const(arrived).bytes());
  if (!view) {
    ++context_.counters.malformed_packets;
    return;
  }
  const interface_list& interfaces = output_.interfaces();
  const ip_address destination = interfaces.scoped_by(view->destination(), from);
  const ip_address source = interfaces.scoped_by(view->source(), from);
  const audience whom = admit(from, source, destination, link_group);
  if (whom == audience::nobody_here) return;
  const bool to_group = whom == audience::group || link_group;
  const wire::ipv6_walk end = wire::walk_extensions(*view);
  if (const auto* upper = std::get_if<wire::ipv6_upper_layer>(&end)) {
    deliver_v6(from, *view, *upper, std::move(arrived), to_group);
  } else if (const auto* fragment = std::get_if<wire::ipv6_fragment>(&end)) {
    collect_v6(from, *view, *fragment, std::move(arrived), to_group);
  } else {
    ++context_.counters.bad_extensions;
    const auto& answer = std::get<wire::ipv6_discard>(end).answer;
    if (answer) icmp_.answer(*answer, view->bytes(), to_group, from.index());
  }
}

void ip_input::collect_v6(interface& from, const wire::ipv6_view& view,
                          const wire::ipv6_fragment& fragment, packet&& arrived, bool to_group) {
  constexpr std::size_t fragment_header = wire::ipv6_fragment_header::size();
  const interface_list& interfaces = output_.interfaces();
  const fragment_key key{.source = interfaces.scoped_by(view.source(), from),
                         .destination = interfaces.scoped_by(view.destination(), from),
                         .identification = fragment.identification};
  incoming_fragment added;
  added.header_size = fragment.before.size() + fragment_header;
  added.fragment_header_size = fragment_header;
  added.next_header_at = fragment.next_header_at;
  added.next_header = fragment.next_header;
  added.offset = fragment.offset;
  added.size = static_cast<std::uint16_t>(fragment.payload.size());
  added.more_fragments = fragment.more_fragments;
  added.traffic_class = view.traffic_class();
  added.to_group = to_group;
  added.interface = from.index();
  added.content = std::move(arrived);
  packet whole = reassembly_.add(key, std::move(added));
  if (!whole) return;
  const auto complete = wire::ipv6_view::parse(std::as_const(whole).bytes());
  if (!complete) return;
  const wire::ipv6_walk end = wire::walk_extensions(*complete);
  // A fragment within fragments is nobody's honest packet.
  if (const auto* upper = std::get_if<wire::ipv6_upper_layer>(&end);
      upper != nullptr && !upper->had_fragment_header) {
    wire::ipv6_upper_layer put_together = *upper;
    put_together.had_fragment_header = true;
    return deliver_v6(from, *complete, put_together, std::move(whole), to_group);
  }
  ++context_.counters.bad_extensions;
  if (const auto* discard = std::get_if<wire::ipv6_discard>(&end); discard && discard->answer) {
    icmp_.answer(*discard->answer, complete->bytes(), to_group, from.index());
  }
}

void ip_input::deliver_v6(interface& from, const wire::ipv6_view& view,
                          const wire::ipv6_upper_layer& upper, packet&& arrived, bool to_group) {
  const std::size_t headers = view.bytes().size() - upper.payload.size();
  const interface_list& interfaces = output_.interfaces();
  incoming_packet made{.payload = {},
                       .source = interfaces.scoped_by(view.source(), from),
                       .destination = interfaces.scoped_by(view.destination(), from),
                       .protocol = upper.protocol,
                       .time_to_live = view.hop_limit(),
                       .traffic_class = view.traffic_class(),
                       .interface = from.index(),
                       .checksum_is_known_good = is_checked(arrived.offload()),
                       .to_group = to_group,
                       .router_alert = upper.had_router_alert};
  arrived.truncate(view.bytes().size());
  const bool was_heard = raw_.hear(arrived, headers, made);
  arrived.remove_prefix(headers);
  made.payload = std::move(arrived);
  if (made.protocol == ip_protocol::icmpv6) {
    ++context_.counters.packets_delivered;
    return icmp_.receive_v6(from, std::move(made), upper.had_fragment_header);
  }
  wire::icmpv6_header error = wire::icmpv6_header::unreachable(wire::icmpv6_unreachable::port);
  if (transport* const to = transports_.find(made.protocol)) {
    if (to->deliver(std::move(made), context_.now)) {
      ++context_.counters.packets_delivered;
      return;
    }
  } else {
    if (was_heard) return;
    ++context_.counters.unknown_protocols;
    error = wire::icmpv6_header::parameter_problem(
        wire::icmpv6_parameter_problem::unrecognized_next_header, upper.next_header_at);
  }
  // Nobody took the packet, so it is still where it was.
  icmp_.answer(error, view.bytes(), to_group, from.index());
}

void ip_input::incomplete(const incoming_fragment& first) {
  if ((first.content.bytes()[0] >> 4) == std::byte{4}) {
    icmp_.answer(wire::icmpv4_header::time_exceeded(wire::icmpv4_time_exceeded::in_reassembly),
                 first.content.bytes(), first.to_group);
  } else {
    icmp_.answer(wire::icmpv6_header::time_exceeded(wire::icmpv6_time_exceeded::in_reassembly),
                 first.content.bytes(), first.to_group, first.interface);
  }
}

}  // namespace pentad::native
