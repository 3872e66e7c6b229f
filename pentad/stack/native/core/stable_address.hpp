// Addresses that a host makes itself: always the same on one link, and on another link one that
// nobody can tell to be of the same host (RFC 7217, section 5).
#pragma once

#include "pentad/base/mac_address.hpp"
#include "pentad/base/siphash.hpp"
#include "pentad/stack/native/core/prefix.hpp"
#include "pentad/wire/address_bytes.hpp"

namespace pentad::native {

struct address_recipe {
  std::uint64_t secret = 0;
  mac_address interface;      ///< which of the host's interfaces
  std::uint64_t attempt = 0;  ///< another address for each: somebody else had the one before
};

/// RFC 5453: identifiers that mean something.
constexpr bool is_reserved_identifier(std::uint64_t identifier) noexcept {
  return identifier == 0 || (identifier & ~0x7fULL) == 0xfdff'ffff'ffff'ff80U ||
         (identifier & 0xffff'ffff'ff00'0000U) == 0x0200'5eff'fe00'0000U;
}

/// In a subnet of 64 bits.
inline ip_address stable_address(const prefix& subnet, const address_recipe& recipe) noexcept {
  auto bytes = wire::load_bytes<16>(subnet.address.bytes().data());
  std::uint64_t identifier = 0;
  for (std::uint64_t again = 0; is_reserved_identifier(identifier); ++again) {
    siphash hash({recipe.secret, recipe.attempt});
    hash.add(std::span<const std::byte>(bytes).first(8)).add(recipe.interface.bytes()).add(again);
    identifier = hash.finish();
  }
  store_be64(&bytes[8], identifier);
  return ip_address::v6(bytes);
}

}  // namespace pentad::native
