#pragma once

/// What addresses have in common, as the selection of addresses compares them (RFC 6724).

#include <bit>
#include <cstddef>
#include <cstdint>

#include "pentad/base/byte_order.hpp"
#include "pentad/base/ip_address.hpp"

namespace pentad {

/// RFC 6724, sections 3.1 and 3.2: 2 is the link, 14 the world.
constexpr unsigned scope_of(const ip_address& address) noexcept {
  constexpr unsigned link = 2;
  constexpr unsigned global = 14;
  if (address.is_v6() && address.is_multicast()) {
    return std::to_integer<unsigned>(address.bytes()[1] & std::byte{0x0f});
  }
  return address.is_loopback() || address.is_link_local() ? link : global;
}

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

}  // namespace pentad
