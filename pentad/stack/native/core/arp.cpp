#include "pentad/stack/native/core/arp.hpp"

#include "pentad/wire/arp.hpp"

namespace pentad::native {
namespace {

void send(context& shared, interface& link, const wire::arp_packet& sent, const mac_address& to) {
  packet made = shared.packets.take(wire::arp_packet::size());
  if (!made) {
    ++shared.counters.out_of_packets;
    return;
  }
  sent.emit(made.append(wire::arp_packet::size()));
  ++shared.counters.arp_sent;
  link.transmit(std::move(made), to, wire::ethertype::arp);
}

bool can_be_a_host(const ip_address& address, const interface& link) noexcept {
  return !address.is_multicast() && !address.is_loopback() && !link.is_broadcast(address);
}

void answer(context& shared, interface& link, const wire::arp_view& question) {
  ++shared.counters.advertisements_sent;
  send(shared, link,
       {.operation = wire::arp_operation::reply,
        .sender_mac = link.mac(),
        .sender_ip = question.target_ip(),
        .target_mac = question.sender_mac(),
        .target_ip = question.sender_ip()},
       question.sender_mac());
}

/// Somebody else uses or wants an address of this host.
void claimed(context& shared, interface& link, const local_address& ours) {
  if (ours.state == address_state::tentative) {
    link.duplicates().conflict(ours.address());
  } else {
    ++shared.counters.address_conflicts;
    if (ours.state == address_state::assigned) link.defend(ours.address());
  }
}

}  // namespace

void receive_arp(context& shared, interface& link, std::span<const std::byte> bytes) {
  const auto heard = wire::arp_view::parse(bytes);
  if (!heard || heard->sender_mac().is_multicast() || !can_be_a_host(heard->sender_ip(), link)) {
    ++shared.counters.malformed_arp;
    return;
  }
  if (heard->sender_mac() == link.mac()) return;  // an echo of our own
  ++shared.counters.arp_received;

  const ip_address sender = heard->sender_ip();
  const local_address* const target = link.find(heard->target_ip());
  if (const local_address* ours = link.find(sender)) return claimed(shared, link, *ours);
  if (sender.is_unspecified()) {  // a probe (RFC 5227, section 1.1)
    if (target == nullptr) return;
    if (target->state == address_state::tentative) return claimed(shared, link, *target);
    if (target->state == address_state::assigned) answer(shared, link, *heard);
    return;
  }

  const bool is_for_us = target != nullptr && target->state == address_state::assigned;
  if (heard->operation() == wire::arp_operation::request) {
    link.neighbours().heard(sender, heard->sender_mac(), is_for_us);
    if (is_for_us) answer(shared, link, *heard);
    return;
  }
  const auto state = link.neighbours().state(sender);
  const bool asked = state == neighbour_state::incomplete || state == neighbour_state::probe;
  link.neighbours().advertised({.address = sender,
                                .mac = heard->sender_mac(),
                                .solicited = asked && is_for_us,
                                .overrides = true});
}

void solicit_by_arp(context& shared, interface& link, const ip_address& target,
                    const std::optional<mac_address>& known) {
  send(shared, link,
       {.operation = wire::arp_operation::request,
        .sender_mac = link.mac(),
        .sender_ip = link.address_for(target),
        .target_mac = {},
        .target_ip = target},
       known.value_or(mac_address::broadcast()));
}

void probe_by_arp(context& shared, interface& link, const ip_address& tentative) {
  send(shared, link,
       {.operation = wire::arp_operation::request,
        .sender_mac = link.mac(),
        .sender_ip = ip_address::any(ip_version::v4),
        .target_mac = {},
        .target_ip = tentative},
       mac_address::broadcast());
}

void announce_by_arp(context& shared, interface& link, const ip_address& address) {
  send(shared, link,
       {.operation = wire::arp_operation::request,
        .sender_mac = link.mac(),
        .sender_ip = address,
        .target_mac = {},
        .target_ip = address},
       mac_address::broadcast());
}

}  // namespace pentad::native
