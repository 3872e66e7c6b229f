// The network interfaces of a host.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pentad/base/ip_address.hpp"
#include "pentad/base/mac_address.hpp"

namespace pentad {

/// What the bytes of a frame begin with: a number of pcap's list of link types.
enum class link_type : std::uint16_t { ethernet = 1, raw_ip = 101 };

/// A snapshot of one interface.
struct network_interface {
  struct address {
    ip_address ip;
    unsigned prefix_length = 0;  ///< bits
  };

  std::uint32_t index = 0;  ///< counted from 1; the scope of its link-local addresses
  std::string name;
  mac_address mac;  ///< zero if it has none
  link_type link = link_type::ethernet;
  std::uint32_t mtu = 0;
  bool is_up = false;
  bool is_loopback = false;
  bool can_multicast = false;
  std::vector<address> addresses;
};

}  // namespace pentad
