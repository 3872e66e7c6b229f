#include "pentad/stack/native/core/interface_list.hpp"

#include <algorithm>
#include <array>

#include "pentad/stack/native/core/scope.hpp"
#include "pentad/stack/native/core/source_selection.hpp"

namespace pentad::native {
namespace {

/// fe80::/64 with the modified EUI-64 identifier (RFC 2464, section 5).
ip_address link_local_address(const mac_address& mac, std::uint32_t interface) noexcept {
  const auto from = mac.bytes();
  return ip_address::v6({std::byte{0xfe},
                         std::byte{0x80},
                         {},
                         {},
                         {},
                         {},
                         {},
                         {},
                         from[0] ^ std::byte{2},
                         from[1],
                         from[2],
                         std::byte{0xff},
                         std::byte{0xfe},
                         from[3],
                         from[4],
                         from[5]},
                        interface);
}

interface_settings loopback_settings(const core_settings& settings) {
  return {.mac = {},
          .mtu = interface::loopback_mtu,
          .offloads = {.transmit_checksum = true,
                       .segment_tcp_v4 = true,
                       .segment_tcp_v6 = true,
                       .segment_limit = interface::loopback_mtu},
          .addresses = {},
          .gateways = {},
          .most_output_packets = settings.most_loopback_packets};
}

}  // namespace

interface_list::interface_list(context& shared, next_hop_watcher& next_hops)
    : context_(shared), next_hops_(next_hops) {
  interface& made = add(loopback_settings(shared.settings));
  made.add_address({ip_address::loopback(ip_version::v4), 8});
  made.add_address({ip_address::loopback(ip_version::v6), 128});
}

interface& interface_list::add(const interface_settings& settings) {
  const auto index = static_cast<std::uint32_t>(interfaces_.size());
  interface& made =
      *interfaces_.emplace_back(std::make_unique<interface>(context_, index, settings, next_hops_));
  bool needs_link_local = settings.router_discovery;
  bool has_link_local = false;
  for (const prefix& each : settings.addresses) {
    made.add_address(each);
    needs_link_local = needs_link_local || each.address.is_v6();
    has_link_local = has_link_local || (each.address.is_v6() && each.address.is_link_local());
  }
  if (needs_link_local && !has_link_local) {
    made.add_address({link_local_address(settings.mac, index), 64});
  }
  return made;
}

interface* interface_list::find(std::uint32_t index) noexcept {
  return index < interfaces_.size() ? interfaces_[index].get() : nullptr;
}

bool interface_list::is_local(const ip_address& address) const noexcept {
  if (address.is_loopback()) return true;
  return std::ranges::any_of(interfaces_, [&](const auto& each) {
    const local_address* const found = each->find(address);
    return found != nullptr && found->state == address_state::assigned;
  });
}

ip_address interface_list::choose_source(const ip_address& destination,
                                         const interface& out) const noexcept {
  // RFC 6724, rule 5: an address of the interface by which the packet leaves, if it has one.
  const ip_address own = out.address_for(destination);
  const bool fits = !own.is_unspecified() && scope_of(own) >= scope_of(destination);
  if (fits || out.is_loopback()) return own;
  const ip_address* best = own.is_unspecified() ? nullptr : &own;
  for (const auto& each : interfaces_) {
    if (each->is_loopback()) continue;
    for (const local_address& other : each->addresses()) {
      const ip_address& address = other.address();
      if (other.state != address_state::assigned || address.version() != destination.version() ||
          address.scope() != 0) {
        continue;
      }
      if (best == nullptr || is_better_source(address, *best, destination)) best = &address;
    }
  }
  return best != nullptr ? *best : ip_address::any(destination.version());
}

ip_address interface_list::scoped_by(const ip_address& bare, const interface& from) const noexcept {
  if (!needs_scope(bare)) return bare;
  if (!from.is_loopback()) return scoped(bare, from.index());
  for (const auto& each : interfaces_) {
    const ip_address here = scoped(bare, each->index());
    if (each->find(here) != nullptr) return here;
  }
  return bare;
}

bool interface_list::has_tentative_address() const noexcept {
  return std::ranges::any_of(interfaces_, [](const auto& each) {
    return std::ranges::any_of(each->addresses(), [](const local_address& address) {
      return address.state == address_state::tentative;
    });
  });
}

}  // namespace pentad::native
