#include "pentad/stack/native/core/ip_output.hpp"

#include <algorithm>

#include "pentad/nic/packet_chain.hpp"
#include "pentad/stack/native/core/icmp_error.hpp"
#include "pentad/stack/native/core/packet_memory.hpp"
#include "pentad/stack/native/core/scope.hpp"

namespace pentad::native {
namespace {

std::size_t header_size(const ip_address& destination) noexcept {
  return destination.is_v4() ? wire::ipv4_header::size() : wire::ipv6_header::size();
}

constexpr duration probe_interval = std::chrono::minutes(1);  // RFC 4191, section 3.2

constexpr std::size_t most_payload_v4 = 65535 - wire::ipv4_header::size();
constexpr std::size_t most_payload_v6 = 65535;

bool is_super_segment(const packet& sent) noexcept {
  return sent.offload().segment != segmentation::none;
}

/// Of the packets that it becomes behind the NIC: of a super-segment one of its segments counts.
std::size_t longest_on_wire(const outgoing_packet& sent) noexcept {
  const packet_offload offload = sent.payload.offload();
  const std::size_t payload =
      is_super_segment(sent.payload)
          ? std::min<std::size_t>(sent.payload.size(), offload.header_size + offload.segment_size)
          : sent.payload.size();
  return header_size(sent.destination) + payload;
}

wire::ipv4_header v4_header(const outgoing_packet& sent) noexcept {
  return {.source = sent.source,
          .destination = sent.destination,
          .protocol = sent.protocol,
          .time_to_live = sent.time_to_live.value(),
          .traffic_class = sent.traffic_class,
          .dont_fragment = sent.dont_fragment,
          .payload_size = static_cast<std::uint16_t>(sent.payload.size())};
}

wire::ipv6_header v6_header(const outgoing_packet& sent) noexcept {
  return {.source = sent.source,
          .destination = sent.destination,
          .next_header = sent.protocol,
          .hop_limit = sent.time_to_live.value(),
          .traffic_class = sent.traffic_class,
          .payload_size = static_cast<std::uint16_t>(sent.payload.size())};
}

/// What find_path and send take a destination for that a program gave with a scope it does not
/// need.
ip_address normalised(const ip_address& address) noexcept {
  return address.scope() == 0 || needs_scope(address) ? address : without_scope(address);
}

}  // namespace

ip_output::ip_output(context& shared)
    : context_(shared),
      interfaces_(shared, *this),
      path_mtus_(shared),
      identifications_(shared.numbers),
      known_ways_(shared) {
  probing_.owner = this;
  probing_.fire = [](timer_node& node) { static_cast<timer&>(node).owner->probe_silent(); };
}

ip_output::~ip_output() { context_.timers.erase(probing_); }

void ip_output::add_route(const route& added) {
  routes_.add(added);
  ++context_.ways;
}

void ip_output::remove_route(const route& removed) noexcept {
  routes_.remove(removed);
  ++context_.ways;
}

result<path> ip_output::find_path(const ip_address& destination, const ip_address& source,
                                  std::uint32_t by_interface) {
  const auto error = [](std::errc what) { return std::unexpected(std::make_error_code(what)); };
  if (!source.is_unspecified() &&
      (source.version() != destination.version() || !is_local(source))) {
    return error(std::errc::address_not_available);
  }
  const auto found = find_hop(destination, source, by_interface);
  if (!found) return error(std::errc::network_unreachable);
  const interface& out = *found->out;

  path made;
  made.interface = out.index();
  made.local = out.is_loopback();
  made.mtu = made.link_mtu = out.mtu(destination.version());
  made.checksum_offload = out.offloads().transmit_checksum;
  made.segment_limit = out.segment_limit(destination.version());
  made.takes_rows = !made.checksum_offload;
  if (!made.local) {
    if (const path_mtu* known = path_mtus_.find(found->destination)) {
      made.mtu = std::min(made.mtu, known->bytes);
    }
  }
  if (!source.is_unspecified()) {
    made.source = source;
  } else if (made.local) {
    made.source = destination.is_loopback() ? ip_address::loopback(destination.version())
                                            : found->destination;
  } else {
    made.source = interfaces_.choose_source(destination, out);
  }
  if (made.source.is_unspecified()) return error(std::errc::network_unreachable);
  return made;
}

void ip_output::send(outgoing_packet&& sent, instant now) {
  context_.now = now;
  const bool is_v4 = sent.destination.is_v4();
  if (!sent.time_to_live) {
    sent.time_to_live = is_v4 ? context_.settings.hop_limit : context_.hop_limit_v6;
  }
  known_way* const way = known_ways_.find(sent.source, sent.destination);
  if (way != nullptr && (sent.interface == 0 || sent.interface == way->out->index())) {
    const std::size_t whole = header_size(sent.destination) + sent.payload.size();
    const bool fits =
        whole <= way->mtu || (is_super_segment(sent.payload) &&
                              whole <= way->out->segment_limit(sent.destination.version()) &&
                              longest_on_wire(sent) <= way->mtu);
    if (fits) return send_known(std::move(sent), *way);
  }
  if (sent.payload.has_followers()) return send_one_by_one(std::move(sent), now);
  if (sent.payload.size() > (is_v4 ? most_payload_v4 : most_payload_v6)) {
    ++context_.counters.too_big;
    return;
  }
  // Whose address was taken away must not go on speaking for it (RFC 2131, section 4.4.5).
  if (!sent.source.is_unspecified() && !is_local(sent.source)) {
    ++context_.counters.lost_sources;
    return;
  }
  const auto found = find_hop(sent.destination, sent.source, sent.interface);
  if (!found) {
    ++context_.counters.no_route;
    return refuse(std::move(sent), path_error::kind::network_unreachable, 0);
  }
  interface& out = *found->out;
  if (sent.source.is_loopback() && !out.is_loopback()) {
    ++context_.counters.martian_sources;  // RFC 1122, section 3.2.1.3 g
    return;
  }
  const bool is_super = is_super_segment(sent.payload);
  const std::size_t size = header_size(sent.destination) + sent.payload.size();
  if (is_super && size > out.segment_limit(sent.destination.version())) {
    ++context_.counters.unsupported_offload;
    return;
  }
  std::uint32_t mtu = out.mtu(sent.destination.version());
  bool routers_may_fragment = !sent.dont_fragment;
  const bool knows_path = !out.is_loopback() && !sent.ignores_path_mtu;
  if (const path_mtu* known = knows_path ? path_mtus_.find(found->destination) : nullptr) {
    mtu = std::min(mtu, known->bytes);
    routers_may_fragment = routers_may_fragment || known->let_fragment;
  }
  const bool cannot_be_cut = is_super || sent.dont_fragment;
  if (cannot_be_cut && longest_on_wire(sent) > mtu) {
    ++context_.counters.too_big;
    return refuse(std::move(sent), path_error::kind::too_big, mtu);
  }
  if (sent.heard_by_this_host) loop(sent, out);
  if (sent.time_to_live == 0) return;  // it stays inside
  if (!out.offloads().transmit_checksum) fill_in_checksum(sent.payload);
  const ip_address source = sent.source;
  const bool is_usual = sent.interface == 0;
  if (is_v4) {
    send_v4(std::move(sent), *found, mtu, routers_may_fragment);
  } else {
    send_v6(std::move(sent), *found, mtu);
  }
  if (is_usual) remember(source, *found);
}

void ip_output::send_one_by_one(outgoing_packet&& row, instant now) {
  packet_chain others = packet_chain::of_followers(row.payload);
  outgoing_packet next{.payload = {},
                       .source = row.source,
                       .destination = row.destination,
                       .protocol = row.protocol,
                       .time_to_live = row.time_to_live,
                       .traffic_class = row.traffic_class,
                       .dont_fragment = row.dont_fragment,
                       .ignores_path_mtu = row.ignores_path_mtu,
                       .heard_by_this_host = row.heard_by_this_host,
                       .interface = row.interface};
  send(std::move(row), now);
  while (packet each = others.pop()) {
    next.payload = std::move(each);
    send(std::move(next), now);
  }
}

// A copy, so that a member on this host hears it whole and however the NIC is.
void ip_output::loop(const outgoing_packet& sent, interface& out) {
  if (sent.destination.is_multicast() && !out.is_member(sent.destination)) return;
  packet copy = context_.packets.copy(sent.payload);
  if (!copy) {
    ++context_.counters.out_of_packets;
    return;
  }
  if (sent.destination.is_v4()) {
    v4_header(sent).emit(copy.prepend(wire::ipv4_header::size()));
    shift_offload(copy, wire::ipv4_header::size());
  } else {
    v6_header(sent).emit(copy.prepend(wire::ipv6_header::size()));
    shift_offload(copy, wire::ipv6_header::size());
  }
  out.loop(std::move(copy));
}

result<void> ip_output::send_with_header(packet&& packet_of_ip, const ip_address& destination,
                                         std::uint32_t by_interface) {
  const auto error = [](std::errc what) { return std::unexpected(std::make_error_code(what)); };
  packet sent = std::move(packet_of_ip);
  const std::span<std::byte> bytes = sent.bytes();
  if (bytes.size() < wire::ipv4_header::size()) return error(std::errc::invalid_argument);
  const std::size_t header = std::to_integer<std::size_t>(bytes[0] & std::byte{0x0f}) * 4;
  if ((bytes[0] >> 4) != std::byte{4} || header < wire::ipv4_header::size() ||
      header > bytes.size()) {
    return error(std::errc::invalid_argument);
  }
  const auto way = find_path(destination, ip_address::any(ip_version::v4), by_interface);
  if (!way) return std::unexpected(way.error());
  if (bytes.size() > way->link_mtu) return error(std::errc::message_size);
  const auto to = find_hop(destination, way->source, by_interface);
  store_be16(&bytes[2], static_cast<std::uint16_t>(bytes.size()));
  if (load_be32(&bytes[12]) == 0) std::ranges::copy(way->source.bytes(), &bytes[12]);
  if (load_be16(&bytes[4]) == 0) {
    const auto protocol = static_cast<ip_protocol>(bytes[9]);
    store_be16(&bytes[4], static_cast<std::uint16_t>(
                              identifications_.next(way->source, destination, protocol)));
  }
  store_be16(&bytes[10], 0);
  store_be16(&bytes[10], wire::internet_sum{bytes.first(header)}.checksum());
  ++context_.counters.packets_sent;
  to->out->send(std::move(sent), to->next);
  return {};
}

// What `send` does for packets that need no fragments, when where they go is known.
void ip_output::send_known(outgoing_packet&& sent, known_way& way) {
  if (!way.out->offloads().transmit_checksum) fill_in_checksum(sent.payload);
  const ready_headers::kind of{.protocol = sent.protocol,
                               .time_to_live = sent.time_to_live.value(),
                               .traffic_class = sent.traffic_class,
                               .dont_fragment = sent.dont_fragment};
  if (!way.headers.are_for(of)) {
    way.headers = {way.out->mac(), way.next_hop, sent.source, sent.destination, of};
  }
  // RFC 6864, section 4.1: what cannot be fragmented needs no number.
  const bool is_numbered = sent.destination.is_v4() && !sent.dont_fragment;
  const auto transmit = [&](packet&& each) {
    const std::uint16_t number = is_numbered ? next_number(sent) : 0;
    way.headers.put_before(each, number);
    shift_offload(each, way.headers.size());
    ++context_.counters.packets_sent;
    way.out->transmit(std::move(each));
  };
  if (!sent.payload.has_followers()) return transmit(std::move(sent.payload));
  packet_chain row = packet_chain::of_followers(sent.payload);
  transmit(std::move(sent.payload));
  while (packet each = row.pop()) transmit(std::move(each));
}

void ip_output::remember(const ip_address& source, const hop& to) {
  if (to.out->is_loopback()) return;
  const auto neighbour = to.out->neighbours().settled(to.next);
  if (!neighbour) return;
  known_way way{.source = source,
                .destination = to.destination,
                .out = to.out,
                .next_hop = neighbour->mac,
                .mtu = to.out->mtu(to.destination.version()),
                .until = neighbour->until};
  if (const path_mtu* known = path_mtus_.find(to.destination)) {
    if (known->let_fragment) return;
    way.mtu = std::min(way.mtu, known->bytes);
    way.until = std::min(way.until, known->until);
  }
  known_ways_.remember(way);
}

bool ip_output::is_broadcast(const ip_address& address) const noexcept {
  return std::ranges::any_of(interfaces_.all(), [&](const auto& each) {
    return !each->is_loopback() && each->is_broadcast(address);
  });
}

std::uint32_t ip_output::lower_path_mtu(const ip_address& destination, std::uint32_t mtu) {
  return path_mtus_.lower(normalised(destination), mtu);
}

std::optional<ip_output::hop> ip_output::find_hop(const ip_address& destination,
                                                  const ip_address& source,
                                                  std::uint32_t by_interface) noexcept {
  const ip_address to = normalised(destination);
  if (to.is_unspecified() || to.is_v4_mapped()) return std::nullopt;
  if (is_local(to)) return hop{&interfaces_.loopback(), to, to};
  if (to.is_multicast() || to == ip_address::v4(255, 255, 255, 255)) {
    interface* const out =
        by_interface != 0 ? interfaces_.find(by_interface) : interface_for_group(to, source);
    if (out == nullptr) return std::nullopt;
    return hop{out, to, to};
  }
  if (needs_scope(to) && to.scope() == 0) return std::nullopt;  // on which link?
  const route* const found = routes_.find(to, by_interface);
  if (found == nullptr) return std::nullopt;
  return hop{interfaces_.find(found->interface), found->next_hop(to), to};
}

/// By the scope of the group, else the interface of the source, else as other packets would go.
interface* ip_output::interface_for_group(const ip_address& group,
                                          const ip_address& source) noexcept {
  if (group.scope() != 0) return interfaces_.find(group.scope());
  for (const auto& each : interfaces_.all()) {
    if (!each->is_loopback() && each->find(source) != nullptr) return each.get();
  }
  if (needs_scope(group)) return nullptr;
  if (const route* usual = routes_.find(group)) return interfaces_.find(usual->interface);
  return interfaces_.all().size() > 1 ? interfaces_.all()[1].get() : nullptr;
}

// RFC 6864, section 4.1: what cannot be fragmented needs no number.
wire::ipv4_header ip_output::numbered_v4_header(const outgoing_packet& sent, bool may_fragment) {
  wire::ipv4_header header = v4_header(sent);
  header.dont_fragment = !may_fragment;
  if (may_fragment) header.identification = next_number(sent);
  return header;
}

std::uint16_t ip_output::next_number(const outgoing_packet& sent) noexcept {
  return static_cast<std::uint16_t>(
      identifications_.next(sent.source, sent.destination, sent.protocol));
}

void ip_output::send_v4(outgoing_packet&& sent, const hop& to, std::uint32_t mtu,
                        bool may_fragment) {
  const wire::ipv4_header header = numbered_v4_header(sent, may_fragment);
  if (!is_super_segment(sent.payload) && wire::ipv4_header::size() + sent.payload.size() > mtu) {
    fill_in_checksum(sent.payload);
    return send_fragments(fragment(context_, header, sent.payload, mtu), to);
  }
  header.emit(sent.payload.prepend(wire::ipv4_header::size()));
  shift_offload(sent.payload, wire::ipv4_header::size());
  ++context_.counters.packets_sent;
  to.out->send(std::move(sent.payload), to.next);
}

void ip_output::send_v6(outgoing_packet&& sent, const hop& to, std::uint32_t mtu) {
  const wire::ipv6_header header = v6_header(sent);
  if (!is_super_segment(sent.payload) && wire::ipv6_header::size() + sent.payload.size() > mtu) {
    fill_in_checksum(sent.payload);
    const std::uint32_t number =
        identifications_.next(sent.source, sent.destination, sent.protocol);
    return send_fragments(fragment(context_, header, sent.payload, mtu, number), to);
  }
  header.emit(sent.payload.prepend(wire::ipv6_header::size()));
  shift_offload(sent.payload, wire::ipv6_header::size());
  ++context_.counters.packets_sent;
  to.out->send(std::move(sent.payload), to.next);
}

void ip_output::send_fragments(packet_queue fragments, const hop& to) {
  context_.counters.packets_sent += fragments.count();
  while (packet each = fragments.pop()) to.out->send(std::move(each), to.next);
}

void ip_output::refuse(outgoing_packet&& refused, path_error::kind why, std::uint32_t mtu) {
  if (refused.destination.is_v4()) {
    v4_header(refused).emit(refused.payload.prepend(wire::ipv4_header::size()));
  } else {
    v6_header(refused).emit(refused.payload.prepend(wire::ipv6_header::size()));
  }
  undeliverable(std::move(refused.payload), why, mtu);
}

/// The host is the first router on the way and tells itself by ICMP, so that a transport learns of
/// all errors in one way.
void ip_output::undeliverable(packet&& packet_of_ip, path_error::kind why, std::uint32_t mtu) {
  const packet about = std::move(packet_of_ip);
  outgoing_packet error;
  error.time_to_live = context_.settings.hop_limit;
  if (const auto v4 = wire::ipv4_view::parse_quoted(about.bytes())) {
    error.source = v4->source();
    error.protocol = ip_protocol::icmp;
    error.payload = make_icmp_error(context_, icmpv4_error(why, mtu), about.bytes());
  } else if (const auto v6 = wire::ipv6_view::parse_quoted(about.bytes())) {
    error.source = interfaces_.scoped_by(v6->source(), interfaces_.loopback());
    error.protocol = ip_protocol::icmpv6;
    error.payload = make_icmp_error(context_, icmpv6_error(why, mtu), about.bytes(), error.source,
                                    error.source);
  }
  error.destination = error.source;
  if (!error.payload || !is_local(error.source)) return;
  send(std::move(error), context_.now);
}

void ip_output::silent(interface& link, const ip_address& next_hop, packet_queue unsent) {
  if (routes_.set_silent(next_hop, link.index())) {
    ++context_.ways;
    if (!probing_.armed()) context_.arm(probing_, probe_interval);
  }
  while (packet each = unsent.pop()) {
    if (send_another_way(each, link)) continue;
    undeliverable(std::move(each), path_error::kind::host_unreachable, 0);
  }
}

void ip_output::answered(interface& link, const ip_address& next_hop) {
  if (routes_.set_answering(next_hop, link.index())) ++context_.ways;
}

/// By another router of the same link, if there is one that is not silent, too: packets do not go
/// round among dead ones.
bool ip_output::send_another_way(packet& unsent, interface& link) {
  ip_address destination = ip_address::any(ip_version::v4);
  if (const auto v4 = wire::ipv4_view::parse_quoted(std::as_const(unsent).bytes())) {
    destination = v4->destination();
  } else if (const auto v6 = wire::ipv6_view::parse_quoted(std::as_const(unsent).bytes())) {
    destination = interfaces_.scoped_by(v6->destination(), link);
  }
  const route* const other = routes_.find(destination, link.index());
  if (other == nullptr || other->gateway.is_unspecified()) return false;
  if (routes_.silent().turn_of(other->gateway, link.index()) != 0) return false;
  link.send(std::move(unsent), other->gateway);
  return true;
}

/// Whether they are back: nothing else would tell as long as packets go by others.
void ip_output::probe_silent() {
  const std::vector<silent_gateways::gateway> silent_now = routes_.silent().all();
  for (const auto& each : silent_now) {
    interfaces_.find(each.interface)->neighbours().probe(each.address);
  }
  if (!silent_now.empty()) context_.arm(probing_, probe_interval);
}

}  // namespace pentad::native
