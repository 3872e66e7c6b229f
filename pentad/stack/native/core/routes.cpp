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
  const auto found = std::ranges::find_if(routes, [&](const route& each) {
    return (by_interface == 0 || each.interface == by_interface) &&
           each.destination.contains(destination);
  });
  return found != routes.end() ? &*found : nullptr;
}

}  // namespace pentad::native
