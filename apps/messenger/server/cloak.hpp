// What others see of an address: keyed hashes, from the narrowest network to the widest, so that a
// ban can still be for one address or for a whole network, and nobody learns which it is.
#pragma once

#include <string>
#include <string_view>

#include "pentad/base/ip_address.hpp"
#include "pentad/base/siphash.hpp"

namespace pentad::messenger {

/// Of a secret text of any length.
siphash_key cloak_key_of(std::string_view secret) noexcept;

/// `ADDRESS.NETWORK.WIDER.ip`, each a hash of 50 bits: of all of an IPv4 address, its first 24 and
/// 16 bits; of the first 64, 48 and 32 bits of an IPv6 address.
std::string cloaked(const ip_address& address, siphash_key key);

}  // namespace pentad::messenger
