// What frames of an interface begin with, by its kind of hardware, ARPHRD_ in netdevice(7).
#pragma once

#include <net/if_arp.h>

#include "pentad/stack/network_interface.hpp"

namespace pentad::kernel {

inline constexpr unsigned short arphrd_rawip = 519;  // of <linux/if_arp.h>, not of <net/if_arp.h>

/// Tunnels and TUN devices carry IP packets with nothing before them.
constexpr link_type link_of(unsigned short hardware) noexcept {
  switch (hardware) {
    case ARPHRD_NONE:
    case ARPHRD_TUNNEL:
    case ARPHRD_TUNNEL6:
    case ARPHRD_SIT:
    case arphrd_rawip:
      return link_type::raw_ip;
    default:
      return link_type::ethernet;
  }
}

}  // namespace pentad::kernel
