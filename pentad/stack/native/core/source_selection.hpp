// Which of a host's addresses a packet comes from (RFC 6724, section 5).
#pragma once

#include "pentad/base/address_scope.hpp"

namespace pentad::native {

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
