// Which of a host's addresses a packet comes from (RFC 6724, section 5).
#pragma once

#include "pentad/stack/native/core/prefix.hpp"

namespace pentad::native {

/// RFC 6724, sections 3.1 and 3.2: 2 is the link, 14 the world.
constexpr unsigned scope_of(const ip_address& address) noexcept {
  constexpr unsigned link = 2;
  constexpr unsigned global = 14;
  if (address.is_v6() && address.is_multicast()) {
    return std::to_integer<unsigned>(address.bytes()[1] & std::byte{0x0f});
  }
  return address.is_loopback() || address.is_link_local() ? link : global;
}

/// Whether packets to `destination` rather come from `a` than from `b`. Of its rules, 1, 2 and 8:
/// no address is deprecated, mobile or temporary here.
constexpr bool is_better_source(const ip_address& a, const ip_address& b,
                                const ip_address& destination) noexcept {
  if (a == destination || b == destination) return a == destination && b != destination;
  const unsigned scope_a = scope_of(a);
  const unsigned scope_b = scope_of(b);
  if (scope_a != scope_b) {
    return scope_a < scope_b ? scope_a >= scope_of(destination) : scope_b < scope_of(destination);
  }
  return common_prefix_length(a, destination) > common_prefix_length(b, destination);
}

}  // namespace pentad::native
