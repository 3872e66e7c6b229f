// Addresses that mean something on one link only carry the index of its interface inside the host
// and nothing on the wire (RFC 4007).
#pragma once

#include "pentad/base/ip_address.hpp"
#include "pentad/wire/address_bytes.hpp"

namespace pentad::native {

/// fe80::/10, and groups that do not go beyond the link.
constexpr bool needs_scope(const ip_address& address) noexcept {
  if (address.is_v4()) return false;
  const bool is_link_group =
      address.is_multicast() && (address.bytes()[1] & std::byte{0x0f}) <= std::byte{2};
  return address.is_link_local() || is_link_group;
}

/// An address that was read from a packet of that interface.
constexpr ip_address scoped(const ip_address& address, std::uint32_t interface) noexcept {
  if (!needs_scope(address)) return address;
  return ip_address::v6(wire::load_bytes<16>(address.bytes().data()), interface);
}

constexpr ip_address without_scope(const ip_address& address) noexcept {
  if (address.is_v4()) return address;
  return ip_address::v6(wire::load_bytes<16>(address.bytes().data()));
}

}  // namespace pentad::native
