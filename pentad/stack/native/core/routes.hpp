// Which way packets go: the subnets that are on the link and the gateways to all others.
#pragma once

#include <cstdint>
#include <vector>

#include "pentad/stack/native/core/prefix.hpp"

namespace pentad::native {

struct route {
  prefix destination;
  ip_address gateway;           ///< unspecified: the destination itself is on the link
  std::uint32_t interface = 0;  ///< the packets leave by it

  const ip_address& next_hop(const ip_address& to) const noexcept {
    return gateway.is_unspecified() ? to : gateway;
  }

  bool operator==(const route& other) const noexcept {
    return destination.address == other.destination.address &&
           destination.length == other.destination.length && gateway == other.gateway &&
           interface == other.interface;
  }
};

class route_table {
 public:
  /// Of two routes to the same prefix the one that was added first is taken.
  void add(const route& added);
  /// Takes one such route away, if there is one.
  void remove(const route& removed) noexcept;

  /// The most specific route, of those by one interface unless that is 0; null if there is none.
  const route* find(const ip_address& destination, std::uint32_t by_interface = 0) const noexcept;

 private:
  std::vector<route> v4_;  // longest prefix first: hosts have few
  std::vector<route> v6_;
};

}  // namespace pentad::native
