#include "pentad/stack/native/core/routes.hpp"

#include <algorithm>

namespace pentad::native {

void route_table::add(const route& added) {
  std::vector<route>& routes = added.destination.address.is_v4() ? v4_ : v6_;
  const auto place = std::ranges::find_if(routes, [&](const route& each) {
    return each.destination.length < added.destination.length;
  });
  routes.insert(place, added);
}

void route_table::remove(const route& removed) noexcept {
  std::vector<route>& routes = removed.destination.address.is_v4() ? v4_ : v6_;
  const auto found = std::ranges::find(routes, removed);
  if (found != routes.end()) routes.erase(found);
}

const route* route_table::find(const ip_address& destination,
                               std::uint32_t by_interface) const noexcept {
  const std::vector<route>& routes = destination.is_v4() ? v4_ : v6_;
  const route* best = nullptr;
  std::uint64_t turn_of_best = 0;
  for (const route& each : routes) {
    const bool fits = (by_interface == 0 || each.interface == by_interface) &&
                      each.destination.contains(destination);
    if (!fits) continue;
    const std::uint64_t turn = silent_.turn_of(each.gateway, each.interface);
    if (turn == 0) return &each;
    const bool is_as_specific =
        best != nullptr && best->destination.length == each.destination.length;
    if (best == nullptr || (is_as_specific && turn < turn_of_best)) {
      best = &each;
      turn_of_best = turn;
    }
  }
  return best;
}

bool route_table::set_silent(const ip_address& neighbour, std::uint32_t interface) {
  if (is_gateway(neighbour, interface)) return silent_.add(neighbour, interface);
  silent_.remove(neighbour, interface);
  return false;
}

bool route_table::is_gateway(const ip_address& neighbour, std::uint32_t interface) const noexcept {
  return std::ranges::any_of(neighbour.is_v4() ? v4_ : v6_, [&](const route& each) {
    return each.interface == interface && each.gateway == neighbour;
  });
}

}  // namespace pentad::native
