#include "apps/messenger/server/cloak.hpp"

#include <array>
#include <cstdint>
#include <span>

#include "pentad/base/ip_network.hpp"

namespace pentad::messenger {
namespace {

/// Ten digits of base 32: lower case letters and digits that cannot be taken for one another.
void append_digits(std::string& out, std::uint64_t number) {
  constexpr std::string_view digits = "abcdefghijkmnpqrstuvwxyz23456789";
  for (int i = 0; i < 10; ++i, number >>= 5) out += digits[number & 31];
}

std::uint64_t hash_of(const ip_network& network, siphash_key key) {
  siphash hash{key};
  hash.add(network.address.is_v4() ? 4U : 6U).add(network.length);
  return hash.add(network.address.bytes()).finish();
}

}  // namespace

siphash_key cloak_key_of(std::string_view secret) noexcept {
  const auto half = [&](std::uint64_t which) {
    siphash hash{siphash_key{which, secret.size()}};
    return hash.add(std::as_bytes(std::span{secret})).finish();
  };
  return {half(1), half(2)};
}

std::string cloaked(const ip_address& address, siphash_key key) {
  constexpr std::array<unsigned, 3> of_v4{32, 24, 16};
  constexpr std::array<unsigned, 3> of_v6{64, 48, 32};
  std::string out;
  for (const unsigned length : address.is_v4() ? of_v4 : of_v6) {
    append_digits(out, hash_of(ip_network::around(address, length), key));
    out += '.';
  }
  return out + "ip";
}

}  // namespace pentad::messenger
