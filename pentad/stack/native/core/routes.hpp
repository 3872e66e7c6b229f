// Which way packets go: the subnets that are on the link and the gateways to all others.
#pragma once

#include <cstdint>
#include <vector>

#include "pentad/stack/native/core/prefix.hpp"
#include "pentad/stack/native/core/silent_gateways.hpp"

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
  /// One by a gateway that is silent is taken only if there is no other, however specific (RFC
  /// 4191, section 3.2).
  const route* find(const ip_address& destination, std::uint32_t by_interface = 0) const noexcept;

  /// A neighbour has not answered, or has. Both say whether packets may go another way now.
  bool set_silent(const ip_address& neighbour, std::uint32_t interface);
  bool set_answering(const ip_address& neighbour, std::uint32_t interface) noexcept {
    return silent_.remove(neighbour, interface);
  }
  const silent_gateways& silent() const noexcept { return silent_; }

 private:
  bool is_gateway(const ip_address& neighbour, std::uint32_t interface) const noexcept;

  silent_gateways silent_;
  std::vector<route> v4_;  // longest prefix first: hosts have few
  std::vector<route> v6_;
};

}  // namespace pentad::native
