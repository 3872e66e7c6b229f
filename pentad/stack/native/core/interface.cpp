#include "pentad/stack/native/core/interface.hpp"

#include <algorithm>

#include "pentad/stack/native/core/arp.hpp"
#include "pentad/stack/native/core/ndp.hpp"
#include "pentad/stack/native/core/packet_memory.hpp"
#include "pentad/stack/native/core/scope.hpp"
#include "pentad/stack/native/core/source_selection.hpp"
#include "pentad/wire/multicast.hpp"

namespace pentad::native {
namespace {

wire::ethertype type_of(const packet& packet_of_ip) noexcept {
  const bool is_v4 = (packet_of_ip.bytes()[0] >> 4) == std::byte{4};
  return is_v4 ? wire::ethertype::ipv4 : wire::ethertype::ipv6;
}

/// ff01::1, which does not leave an interface (RFC 4291, section 2.7.1).
constexpr ip_address interface_local_nodes() noexcept {
  std::array<std::byte, 16> bytes{std::byte{0xff}, std::byte{0x01}};
  bytes[15] = std::byte{1};
  return ip_address::v6(bytes);
}

/// RFC 6724, section 5, rule 3: of the same scope the one that is not deprecated.
bool is_better(const local_address& a, const local_address& b, const ip_address& target) {
  const bool same = a.address() != target && b.address() != target &&
                    scope_of(a.address()) == scope_of(b.address());
  if (same && a.is_deprecated != b.is_deprecated) return b.is_deprecated;
  return is_better_source(a.address(), b.address(), target);
}

constexpr ip_address all_systems = ip_address::v4(224, 0, 0, 1);

}  // namespace

interface::interface(context& shared, std::uint32_t index, interface_settings settings,
                     next_hop_watcher& next_hops)
    : context_(shared),
      index_(index),
      settings_(std::move(settings)),
      next_hops_(next_hops),
      mtu_v4_(settings_.mtu),
      mtu_v6_(settings_.mtu),
      groups_v4_(shared, *this, ip_version::v4),
      groups_v6_(shared, *this, ip_version::v6),
      neighbours_(shared, *this),
      duplicates_(shared, *this) {}

std::uint32_t interface::segment_limit(ip_version version) const noexcept {
  const bool segments = version == ip_version::v4 ? settings_.offloads.segment_tcp_v4
                                                  : settings_.offloads.segment_tcp_v6;
  return segments ? settings_.offloads.segment_limit : 0;
}

const local_address* interface::find(const ip_address& address) const noexcept {
  const auto found = std::ranges::find(addresses_, address, &local_address::address);
  return found != addresses_.end() ? &*found : nullptr;
}

void interface::add_address(const prefix& subnet) {
  ++context_.ways;
  const duplicate_detection_settings& settings = context_.settings.duplicates;
  if (subnet.address.is_v6()) groups_v6_.join(wire::solicited_node(subnet.address));
  const unsigned probes = subnet.address.is_v4() ? settings.arp_probes : settings.solicitations;
  if (is_loopback() || probes == 0) {
    addresses_.push_back({.subnet = subnet, .state = address_state::assigned});
    return;
  }
  addresses_.push_back({.subnet = subnet, .state = address_state::tentative});
  duplicates_.begin(subnet.address, probes);
}

void interface::add_checked_address(const prefix& subnet, const address_check& how) {
  if (find(subnet.address) != nullptr) return;
  ++context_.ways;
  if (subnet.address.is_v6()) groups_v6_.join(wire::solicited_node(subnet.address));
  addresses_.push_back({.subnet = subnet, .state = address_state::tentative, .is_given = true});
  duplicates_.begin(subnet.address, how);
}

void interface::defend(ip_address address) {
  constexpr duration interval = std::chrono::seconds(10);  // DEFEND_INTERVAL
  const auto found = std::ranges::find(addresses_, address, &local_address::address);
  if (found == addresses_.end()) return;
  if (!found->defended || context_.now - *found->defended >= interval) {
    found->defended = context_.now;
    return announce_by_arp(context_, *this, address);
  }
  if (found->is_given) set_state(address, address_state::duplicate);
}

void interface::remove_address(ip_address address) noexcept {
  duplicates_.forget(address);
  if (std::erase_if(addresses_, [&](const auto& each) { return each.address() == address; }) == 0) {
    return;
  }
  if (address.is_v6()) groups_v6_.leave(wire::solicited_node(address));
  ++context_.ways;
}

void interface::set_deprecated(const ip_address& address, bool is_deprecated) noexcept {
  const auto found = std::ranges::find(addresses_, address, &local_address::address);
  if (found == addresses_.end() || found->is_deprecated == is_deprecated) return;
  found->is_deprecated = is_deprecated;
  ++context_.ways;
}

void interface::limit_mtu(ip_version version, std::uint32_t most) noexcept {
  (version == ip_version::v4 ? mtu_v4_ : mtu_v6_) = std::min(most, settings_.mtu);
  ++context_.ways;
}

void interface::set_state(const ip_address& address, address_state state) {
  const auto found = std::ranges::find(addresses_, address, &local_address::address);
  if (found == addresses_.end()) return;
  found->state = state;
  ++context_.ways;
  // RFC 3810, section 5.2.13: until now reports came from nowhere.
  if (state == address_state::assigned && address.is_v6() && address.is_link_local()) {
    groups_v6_.report_again();
  }
  for (address_watcher* each : watchers_) each->settled(address, state);
}

bool interface::is_member(const ip_address& group) const noexcept {
  const ip_address bare = without_scope(group);
  if (bare == all_systems || bare == wire::all_nodes() || bare == interface_local_nodes()) {
    return true;
  }
  return groups(group.version()).contains(bare);
}

bool interface::is_broadcast(const ip_address& address) const noexcept {
  if (address.is_v6()) return false;
  return address == ip_address::v4(255, 255, 255, 255) ||
         std::ranges::any_of(addresses_, [&](const local_address& each) {
           return each.subnet.is_broadcast(address);
         });
}

ip_address interface::address_for(const ip_address& target) const noexcept {
  const local_address* best = nullptr;
  for (const local_address& each : addresses_) {
    if (each.state != address_state::assigned) continue;
    if (each.address().version() != target.version()) continue;
    if (best == nullptr || is_better(each, *best, target)) best = &each;
  }
  return best != nullptr ? best->address() : ip_address::any(target.version());
}

void interface::send(packet&& packet_of_ip, const ip_address& next_hop) {
  if (is_loopback()) {
    if (output_.count() >= context_.settings.most_loopback_packets) {
      ++context_.counters.loopback_full;
      return;
    }
    push(std::move(packet_of_ip));
  } else if (next_hop.is_multicast()) {
    transmit(std::move(packet_of_ip), wire::multicast_mac(next_hop));
  } else if (is_broadcast(next_hop)) {
    transmit(std::move(packet_of_ip), mac_address::broadcast());
  } else {
    neighbours_.send(std::move(packet_of_ip), next_hop);
  }
}

void interface::transmit(packet&& payload, const mac_address& to, wire::ethertype type) {
  if (is_full()) {
    ++context_.counters.output_full;
    return;
  }
  packet frame = std::move(payload);
  wire::ethernet_header{to, mac(), type}.emit(frame.prepend(wire::ethernet_header::size()));
  shift_offload(frame, wire::ethernet_header::size());
  push(std::move(frame));
}

result<void> interface::transmit(packet&& frame) {
  if (is_full()) {
    ++context_.counters.output_full;
    return std::unexpected(std::make_error_code(std::errc::no_buffer_space));
  }
  push(std::move(frame));
  return {};
}

void interface::loop(packet&& packet_of_ip) {
  if (looped_.count() >= context_.settings.most_loopback_packets) {
    ++context_.counters.loopback_full;
    return;
  }
  looped_.push(std::move(packet_of_ip));
  context_.has_looped = true;
}

void interface::push(packet&& queued) {
  ++queued_;
  const std::uint64_t sender = queued.passage().sender;
  output_.push(std::move(queued));
  if (sender != 0 && context_.observer != nullptr) context_.observer->scheduled(sender);
}

void interface::transmit(packet&& packet_of_ip, const mac_address& to) {
  const wire::ethertype type = type_of(packet_of_ip);
  transmit(std::move(packet_of_ip), to, type);
}

void interface::solicit(const ip_address& target, const std::optional<mac_address>& known) {
  if (target.is_v4()) {
    solicit_by_arp(context_, *this, target, known);
  } else {
    solicit_by_ndp(context_, *this, target, known);
  }
}

}  // namespace pentad::native
