#include "pentad/stack/native/core/core.hpp"

#include <algorithm>
#include <stdexcept>

#include "pentad/stack/native/core/arp.hpp"
#include "pentad/stack/native/core/scope.hpp"

namespace pentad::native {
namespace {

/// How many packets transports make at a time for the host itself.
constexpr std::size_t loopback_batch = 64;

void check(const interface_settings& settings) {
  const bool has_v6 = settings.router_discovery ||
                      std::ranges::any_of(settings.addresses,
                                          [](const prefix& each) { return each.address.is_v6(); });
  if (settings.mtu < (has_v6 ? 1280U : 68U) || settings.mtu > 65535) {
    throw std::invalid_argument("the MTU of an interface is out of range");
  }
  for (const prefix& each : settings.addresses) {
    const ip_address& address = each.address;
    if (each.length > (address.is_v4() ? 32U : 128U)) {
      throw std::invalid_argument("the prefix of an interface is longer than its address");
    }
    if (address.is_unspecified() || address.is_multicast() || address.is_loopback() ||
        address.is_v4_mapped() || each.is_broadcast(address)) {
      throw std::invalid_argument("the address of an interface is no host's");
    }
  }
}

}  // namespace

core::core(const core_settings& settings, packet_pool& packets)
    : context_(settings, packets),
      output_(context_),
      udp_(context_, output_),
      raw_(context_, output_),
      input_(context_, output_, transports_, raw_) {
  transports_.add(ip_protocol::udp, udp_);
}

std::uint32_t core::add_interface(const interface_settings& settings, instant now) {
  check(settings);
  begin_step(now);
  const auto index = static_cast<std::uint32_t>(output_.interfaces().all().size());
  interface_settings own = settings;
  for (prefix& each : own.addresses) each.address = scoped(each.address, index);
  for (const local_address& each : output_.interfaces().add(own).addresses()) {
    output_.add_route({.destination = each.subnet, .gateway = {}, .interface = index});
  }
  for (const ip_address& gateway : own.gateways) {
    const prefix everything{ip_address::any(gateway.version()), 0};
    output_.add_route(
        {.destination = everything, .gateway = scoped(gateway, index), .interface = index});
  }
  interface& added = *output_.interfaces().find(index);
  if (own.dhcp) {
    dhcp_.emplace_back(std::make_unique<dhcp_client>(context_, output_, added, own.lease))->start();
  }
  if (own.router_discovery) {
    routers_.emplace_back(std::make_unique<router_discovery>(context_, output_, added))->start();
  }
  return index;
}

void core::attach(ip_protocol protocol, transport& added, producer* produces) {
  transports_.add(protocol, added);
  if (produces != nullptr) producers_.push_back(produces);
}

void core::input(std::uint32_t interface_index, packet&& frame, instant now) {
  input(interface_index, std::span(&frame, 1), now);
}

void core::input(std::uint32_t interface_index, std::span<packet> frames, instant now) {
  begin_step(now);
  interface* const from = output_.interfaces().find(interface_index);
  for (packet& each : frames) {
    packet frame = std::move(each);
    if (from != nullptr && !from->is_loopback()) receive_frame(*from, std::move(frame));
  }
}

void core::advance(instant now) {
  begin_step(now);
  context_.timers.expire(now);
  deliver_loopback();
  // A NIC that takes frames asks for all that is sent, by the loopback too.
  if (std::exchange(is_asked_for_output_, false)) return;
  // Some of what transports make now is for NICs: one that is slow leaves little to the others, but
  // does not stop the loopback.
  std::size_t longest = 0;
  for (const auto& each : output_.interfaces().all()) {
    longest = std::max(longest, each->output().count());
  }
  pull(longest < loopback_batch ? loopback_batch - longest : 1);
}

instant core::next_deadline() const noexcept {
  if (waits_for_loopback()) return context_.now;
  const bool has_only_loopback = output_.interfaces().all().size() == 1;
  return has_only_loopback && producers_have_output() ? context_.now : context_.timers.first();
}

std::size_t core::output(std::uint32_t interface_index, std::span<packet> frames, instant now) {
  begin_step(now);
  interface* const to = output_.interfaces().find(interface_index);
  if (to == nullptr || to->is_loopback()) return 0;
  is_asked_for_output_ = true;
  const std::size_t waiting = to->output().count();
  if (waiting < frames.size()) pull(frames.size() - waiting);
  const std::size_t given = std::min(frames.size(), to->output().count());
  for (packet& each : frames.first(given)) each = to->output().pop();
  context_.counters.frames_sent += given;
  room_was_made();
  return given;
}

bool core::has_output(std::uint32_t interface_index) const noexcept {
  const auto& all = output_.interfaces().all();
  if (interface_index >= all.size()) return false;
  return !all[interface_index]->output().empty() || producers_have_output();
}

bool core::waits_for_neighbours() const noexcept {
  return std::ranges::any_of(
      interfaces().all(), [](const auto& each) { return each->neighbours().pending_bytes() != 0; });
}

bool core::has_group_news() const noexcept {
  return std::ranges::any_of(interfaces().all(), [](const auto& each) {
    return each->groups(ip_version::v4).has_news() || each->groups(ip_version::v6).has_news();
  });
}

std::uint32_t core::without_lease() const noexcept {
  const auto found =
      std::ranges::find_if(dhcp_, [](const auto& each) { return each->lease() == nullptr; });
  return found != dhcp_.end() ? (*found)->interface_index() : 0;
}

std::uint32_t core::without_router_address() const noexcept {
  const auto found =
      std::ranges::find_if(routers_, [](const auto& each) { return !each->has_address(); });
  return found != routers_.end() ? (*found)->interface_index() : 0;
}

std::optional<ip_address> core::leased_address(std::uint32_t interface_index) const {
  for (const auto& each : dhcp_) {
    if (each->interface_index() != interface_index || each->lease() == nullptr) continue;
    return each->lease()->address.address;
  }
  return std::nullopt;
}

bool core::release_leases(instant now) {
  begin_step(now);
  bool has_any = false;
  for (const auto& each : dhcp_) has_any |= each->release();
  return has_any;
}

learned_names core::names() const {
  learned_names all;
  for (const auto& each : dhcp_) {
    const dhcp_lease* const lease = each->lease();
    if (lease == nullptr) continue;
    all.servers.insert(all.servers.end(), lease->name_servers.begin(), lease->name_servers.end());
    all.domains.insert(all.domains.end(), lease->domains.begin(), lease->domains.end());
  }
  for (const auto& each : routers_) {
    for (const auto& server : each->name_servers()) all.servers.push_back(server.value);
    for (const auto& domain : each->search_domains()) all.domains.push_back(domain.value);
  }
  return all;
}

void core::begin_step(instant now) {
  context_.now = now;
  for (producer* each : producers_) each->set_time(now);
}

void core::receive_frame(interface& from, packet&& frame) {
  ++context_.counters.frames_received;
  const auto header = wire::ethernet_view::parse(std::as_const(frame).bytes());
  if (!header) {
    ++context_.counters.malformed_frames;
    return;
  }
  const mac_address to = header->destination();
  const wire::ethertype type = header->type();
  const bool to_group = to.is_multicast();
  if (!to_group && to != from.mac()) {
    ++context_.counters.frames_for_others;
    return;
  }
  if (header->source().is_multicast() || header->source() == from.mac()) {
    ++context_.counters.invalid_sources;  // the second is an echo of what was sent
    return;
  }
  packet content = std::move(frame);
  content.remove_prefix(wire::ethernet_header::size());
  switch (type) {
    case wire::ethertype::ipv4:
      return input_.receive_v4(from, std::move(content), to_group);
    case wire::ethertype::ipv6:
      return input_.receive_v6(from, std::move(content), to_group);
    case wire::ethertype::arp:
      return receive_arp(context_, from, std::as_const(content).bytes());
  }
  ++context_.counters.unknown_ethertypes;
}

bool core::waits_for_loopback() const noexcept {
  return context_.has_looped || !output_.interfaces().loopback().output().empty();
}

/// Only what waits now: what comes of it waits for the next step.
void core::deliver_loopback() {
  if (!waits_for_loopback()) return;
  packet_queue waiting;
  waiting.swap(output_.interfaces().loopback().output());
  while (packet each = waiting.pop()) {
    turn(each, false);
    input_.receive_local(std::move(each));
  }
  context_.has_looped = false;
  for (const auto& each : output_.interfaces().all()) {
    waiting.swap(each->looped());
    while (packet heard = waiting.pop()) {
      turn(heard, true);
      input_.receive_looped(*each, std::move(heard));
    }
  }
  room_was_made();
}

void core::turn(packet& passing, bool is_copy) {
  if (context_.observer != nullptr) context_.observer->turned(passing, is_copy);
}

void core::room_was_made() {
  udp_.news().room_was_made();
  raw_.news().room_was_made();
}

/// Lets transports send `most` packets in all, by whichever interface they go.
void core::pull(std::size_t most) {
  for (producer* each : producers_) {
    while (most != 0 && each->has_output()) {
      const std::uint64_t before = context_.counters.packets_sent;
      each->produce(most, context_.now);
      const std::uint64_t made = context_.counters.packets_sent - before;
      if (made == 0) break;
      most -= static_cast<std::size_t>(std::min<std::uint64_t>(most, made));
    }
  }
}

bool core::producers_have_output() const noexcept {
  return std::ranges::any_of(producers_, [](const producer* each) { return each->has_output(); });
}

}  // namespace pentad::native
