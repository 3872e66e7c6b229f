// The calls that make a datagram or raw socket and set it up, as Pentad's values.
#pragma once

#include "pentad/stack/kernel/message_frame.hpp"

namespace pentad::kernel {

/// An open socket and what it carries.
struct opened_datagram {
  descriptor_handle descriptor;
  message_kind kind;
  icmp_types types;          ///< the only ones to receive ...
  bool has_types = false;    ///< ... if any are named
  datagram_options options;  ///< `device` is not kept
};

/// socket(2) with `options`. `flags`: SOCK_NONBLOCK or 0.
result<opened_datagram> open_datagram(address_family family, const datagram_options& options,
                                      int flags);

/// Errors: `errc::needs_net_raw`, `errc::needs_ping_group`.
result<opened_datagram> open_raw(ip_version version, ip_protocol protocol,
                                 const raw_options& options, int flags);

/// setsockopt(2) for each option that is set.
result<void> set_options(int descriptor, const message_kind& kind, const datagram_options& options);

result<void> change_membership(int descriptor, const multicast_group& group, bool join);
result<std::uint32_t> path_mtu(int descriptor, address_family family);

}  // namespace pentad::kernel
