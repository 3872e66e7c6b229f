// The leading bits that the addresses of a subnet or of a route have in common.
#pragma once

#include <bit>
#include <cstdint>

#include "pentad/base/byte_order.hpp"
#include "pentad/base/ip_address.hpp"

namespace pentad::native {

/// How many leading bits two addresses of one version share: up to 32 or 128.
constexpr unsigned common_prefix_length(const ip_address& a, const ip_address& b) noexcept {
  if (a.is_v4()) {
    return static_cast<unsigned>(
        std::countl_zero(load_be32(a.bytes().data()) ^ load_be32(b.bytes().data())));
  }
  const std::uint64_t high = load_be64(a.bytes().data()) ^ load_be64(b.bytes().data());
  if (high != 0) return static_cast<unsigned>(std::countl_zero(high));
  const std::uint64_t low = load_be64(&a.bytes()[8]) ^ load_be64(&b.bytes()[8]);
  return 64 + static_cast<unsigned>(std::countl_zero(low));
}

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
