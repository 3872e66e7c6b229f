// The leading bits that the addresses of a subnet or of a route have in common.
#pragma once

#include <cstdint>

#include "pentad/base/address_scope.hpp"
#include "pentad/base/byte_order.hpp"
#include "pentad/base/ip_address.hpp"

namespace pentad::native {

struct prefix {
  ip_address address;   ///< bits beyond the length do not matter
  unsigned length = 0;  ///< up to 32 or 128

  /// An address of another scope is another address, also when its bits are the same.
  constexpr bool contains(const ip_address& other) const noexcept {
    return address.version() == other.version() && address.scope() == other.scope() &&
           common_prefix_length(address, other) >= length;
  }

  /// The address of all hosts of an IPv4 subnet (RFC 1122, section 3.2.1.3 d). Subnets of one or
  /// two addresses have none (RFC 3021).
  constexpr bool is_broadcast(const ip_address& other) const noexcept {
    if (!address.is_v4() || length > 30 || !contains(other)) return false;
    const std::uint32_t host_bits = UINT32_MAX >> length;
    return (load_be32(other.bytes().data()) & host_bits) == host_bits;
  }
};

}  // namespace pentad::native
