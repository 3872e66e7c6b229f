#include "pentad/stack/native/core/ndp.hpp"

#include "pentad/stack/native/core/router_discovery.hpp"
#include "pentad/stack/native/core/scope.hpp"
#include "pentad/wire/ipv6.hpp"
#include "pentad/wire/multicast.hpp"

namespace pentad::native {
namespace {

/// A message in its IP packet; nothing if there is no memory.
template <class Message>
packet make(context& shared, const Message& message, const ip_address& source,
            const ip_address& destination) {
  packet made = shared.packets.take(message.size());
  if (!made) {
    ++shared.counters.out_of_packets;
    return made;
  }
  message.emit(made.append(message.size()),
               wire::pseudo_header(source, destination, ip_protocol::icmpv6));
  wire::ipv6_header{.source = source,
                    .destination = destination,
                    .next_header = ip_protocol::icmpv6,
                    .hop_limit = wire::ndp_hop_limit,
                    .payload_size = static_cast<std::uint16_t>(message.size())}
      .emit(made.prepend(wire::ipv6_header::size()));
  ++shared.counters.packets_sent;
  return made;
}

void advertise(context& shared, interface& link, const ip_address& target,
               const ip_address& asker) {
  const bool to_all = asker.is_unspecified();
  const ip_address destination = to_all ? wire::all_nodes() : asker;
  packet made = make(shared,
                     wire::neighbor_advertisement{.target = target,
                                                  .router = false,
                                                  .solicited = !to_all,
                                                  .override_cached = true,
                                                  .target_link_layer = link.mac()},
                     target, destination);
  if (!made) return;
  ++shared.counters.advertisements_sent;
  link.send(std::move(made), destination);
}

void receive_solicitation(context& shared, interface& link,
                          const wire::neighbor_solicitation& heard,
                          const wire::ndp_envelope& envelope) {
  const local_address* const ours = link.find(scoped(heard.target, link.index()));
  if (ours == nullptr || ours->state == address_state::duplicate) {
    ++shared.counters.ignored_icmp;
    return;
  }
  if (ours->state == address_state::tentative) {
    // RFC 4862, section 5.4.3: whoever asks from nowhere wants the address, too.
    if (envelope.source.is_unspecified()) link.duplicates().conflict(ours->address());
    return;
  }
  if (heard.source_link_layer) {
    link.neighbours().heard(envelope.source, *heard.source_link_layer, true);
  }
  advertise(shared, link, ours->address(), envelope.source);
}

void receive_advertisement(context& shared, interface& link,
                           const wire::neighbor_advertisement& heard) {
  const ip_address target = scoped(heard.target, link.index());
  if (const local_address* ours = link.find(target)) {
    if (ours->state == address_state::tentative) {
      link.duplicates().conflict(target);
    } else {
      ++shared.counters.address_conflicts;
    }
    return;
  }
  link.neighbours().advertised({.address = target,
                                .mac = heard.target_link_layer,
                                .solicited = heard.solicited,
                                .overrides = heard.override_cached});
}

bool is_usable(const std::optional<mac_address>& mac, const interface& link) noexcept {
  return !mac || (!mac->is_multicast() && *mac != link.mac());
}

}  // namespace

void receive_ndp(context& shared, interface& link, const wire::icmpv6_view& message,
                 const wire::ndp_envelope& envelope) {
  switch (message.type()) {
    case wire::icmpv6_type::neighbor_solicitation:
      if (const auto heard = wire::neighbor_solicitation::parse(message, envelope);
          heard && is_usable(heard->source_link_layer, link)) {
        return receive_solicitation(shared, link, *heard, envelope);
      }
      break;
    case wire::icmpv6_type::neighbor_advertisement:
      if (const auto heard = wire::neighbor_advertisement::parse(message, envelope);
          heard && is_usable(heard->target_link_layer, link)) {
        return receive_advertisement(shared, link, *heard);
      }
      break;
    case wire::icmpv6_type::router_advertisement:
      if (link.routers() == nullptr) {
        ++shared.counters.ignored_icmp;
        return;
      }
      if (const auto heard = wire::router_advertisement::parse(message, envelope);
          heard && is_usable(heard->source_link_layer, link)) {
        return link.routers()->receive(*heard, envelope.source);
      }
      break;
    default:
      ++shared.counters.ignored_icmp;
      return;
  }
  ++shared.counters.malformed_icmp;
}

void solicit_by_ndp(context& shared, interface& link, const ip_address& target,
                    const std::optional<mac_address>& known) {
  const ip_address source = link.address_for(target);
  const ip_address destination = known ? target : wire::solicited_node(target);
  std::optional<mac_address> own_mac;
  if (!source.is_unspecified()) own_mac = link.mac();
  packet made = make(shared, wire::neighbor_solicitation{target, own_mac}, source, destination);
  if (!made) return;
  link.transmit(std::move(made), known.value_or(wire::multicast_mac(destination)),
                wire::ethertype::ipv6);
}

void solicit_routers(context& shared, interface& link) {
  const ip_address group = wire::all_routers();
  const ip_address own = link.address_for(scoped(group, link.index()));
  const ip_address source = own.is_link_local() ? own : ip_address::any(ip_version::v6);
  std::optional<mac_address> own_mac;
  if (!source.is_unspecified()) own_mac = link.mac();
  packet made = make(shared, wire::router_solicitation{own_mac}, source, group);
  if (!made) return;
  ++shared.counters.router_solicitations_sent;
  link.send(std::move(made), group);
}

void probe_by_ndp(context& shared, interface& link, const ip_address& tentative) {
  const ip_address group = wire::solicited_node(tentative);
  packet made = make(shared, wire::neighbor_solicitation{tentative, std::nullopt},
                     ip_address::any(ip_version::v6), group);
  if (!made) return;
  ++shared.counters.solicitations_sent;
  link.send(std::move(made), group);
}

}  // namespace pentad::native
