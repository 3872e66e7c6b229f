#include "pentad/stack/native/host_stack/native_interfaces.hpp"

#include <algorithm>

namespace pentad::native {

std::vector<network_interface> list_interfaces(const core& network,
                                               const std::vector<std::string>& names) {
  std::vector<network_interface> listed;
  for (const auto& each : network.interfaces().all()) {
    network_interface made;
    made.index = interface_number(each->index());
    made.name = names[each->index()];
    made.mac = each->mac();
    made.mtu = each->mtu();
    made.is_up = true;
    made.is_loopback = each->is_loopback();
    made.can_multicast = !each->is_loopback();
    for (const local_address& own : each->addresses()) {
      if (own.state != address_state::assigned) continue;
      made.addresses.push_back({own.address(), own.subnet.length});
    }
    listed.push_back(std::move(made));
  }
  std::ranges::sort(listed, {}, &network_interface::index);
  return listed;
}

}  // namespace pentad::native
