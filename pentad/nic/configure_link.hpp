// Gives Linux's end of a TAP its address, so that a program needs no `ip` command.
#pragma once

#include <optional>
#include <string_view>

#include "pentad/base/ip_address.hpp"
#include "pentad/base/result.hpp"

namespace pentad {

/// An address and how many of its first bits the link has in common.
struct link_address {
  ip_address address;
  unsigned prefix_length = 0;
};

/// Sets the interface `name` of the calling thread's network namespace up; with an MTU and an
/// address, if they are given, beside those it has. An IPv6 address can be used at once: it is not
/// probed for duplicates. Errors: `no_such_device`; `operation_not_permitted` without
/// CAP_NET_ADMIN; `invalid_argument`, not a prefix length or an MTU; others of rtnetlink(7).
result<void> configure_link(std::string_view name, std::optional<link_address> address,
                            std::optional<unsigned> mtu = {});

}  // namespace pentad
