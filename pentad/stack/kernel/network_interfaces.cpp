#include "pentad/stack/kernel/network_interfaces.hpp"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "pentad/runtime/descriptor_handle.hpp"
#include "pentad/stack/kernel/link_kind.hpp"
#include "pentad/stack/kernel/socket_calls.hpp"

namespace pentad::kernel {
namespace {

unsigned count_ones(std::span<const std::byte> mask) noexcept {
  unsigned ones = 0;
  for (const std::byte each : mask)
    ones += static_cast<unsigned>(std::popcount(std::to_integer<unsigned>(each)));
  return ones;
}

// The address, and its mask as a length. Both have the same kind.
network_interface::address read_address(const ifaddrs& entry) noexcept {
  std::array<std::byte, 16> mask{};
  network_interface::address read;
  if (entry.ifa_addr->sa_family == AF_INET) {
    std::array<std::byte, 4> bytes;
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in&>(*entry.ifa_addr).sin_addr, 4);
    read.ip = ip_address::v4(bytes);
    if (entry.ifa_netmask != nullptr) {
      std::memcpy(mask.data(), &reinterpret_cast<const sockaddr_in&>(*entry.ifa_netmask).sin_addr,
                  4);
    }
  } else {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(*entry.ifa_addr);
    std::array<std::byte, 16> bytes;
    std::memcpy(bytes.data(), &v6.sin6_addr, 16);
    read.ip = ip_address::v6(bytes, v6.sin6_scope_id);
    if (entry.ifa_netmask != nullptr) {
      std::memcpy(mask.data(), &reinterpret_cast<const sockaddr_in6&>(*entry.ifa_netmask).sin6_addr,
                  16);
    }
  }
  read.prefix_length = count_ones(mask);
  return read;
}

// What ioctl(2) tells of an interface; getifaddrs(3) says nothing of the link of one that has no
// hardware address. See netdevice(7).
std::optional<ifreq> ask(int socket, unsigned long what, const std::string& name) noexcept {
  ifreq request{};
  std::strncpy(request.ifr_name, name.c_str(), sizeof request.ifr_name - 1);
  if (::ioctl(socket, what, &request) != 0) return {};
  return request;
}

void read_link(network_interface& into) noexcept {
  const descriptor_handle any(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (const auto told = ask(any.get(), SIOCGIFMTU, into.name)) {
    into.mtu = static_cast<std::uint32_t>(told->ifr_mtu);
  }
  const auto told = ask(any.get(), SIOCGIFHWADDR, into.name);
  if (!told) return;
  into.link = link_of(told->ifr_hwaddr.sa_family);
  if (into.link != link_type::ethernet) return;
  std::array<std::byte, 6> bytes;
  std::memcpy(bytes.data(), told->ifr_hwaddr.sa_data, bytes.size());
  into.mac = mac_address(bytes);
}

}  // namespace

result<std::vector<network_interface>> list_network_interfaces() {
  ifaddrs* listed = nullptr;
  if (::getifaddrs(&listed) != 0) return failure_from_errno(errno);
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(listed, &::freeifaddrs);
  std::map<std::uint32_t, network_interface> by_index;
  for (const ifaddrs* each = listed; each != nullptr; each = each->ifa_next) {
    // An address may carry a label of its own, such as eth0:1.
    const std::string name(each->ifa_name, std::strcspn(each->ifa_name, ":"));
    const std::uint32_t index = ::if_nametoindex(name.c_str());
    if (index == 0) continue;  // gone meanwhile
    network_interface& made = by_index[index];
    if (made.index == 0) {
      made.index = index;
      made.name = name;
      read_link(made);
    }
    made.is_up = (each->ifa_flags & IFF_UP) != 0;
    made.is_loopback = (each->ifa_flags & IFF_LOOPBACK) != 0;
    made.can_multicast = (each->ifa_flags & IFF_MULTICAST) != 0;
    if (each->ifa_addr == nullptr) continue;
    const int family = each->ifa_addr->sa_family;
    if (family == AF_INET || family == AF_INET6) {
      made.addresses.push_back(read_address(*each));
    }
  }
  std::vector<network_interface> interfaces;
  for (auto& [index, each] : by_index) interfaces.push_back(std::move(each));
  return interfaces;
}

}  // namespace pentad::kernel
