#pragma once

/// A range of addresses that share their first bits: `192.0.2.0/24`, `2001:db8::/32` (CIDR, RFC
/// 4632 and RFC 4291 section 2.3).

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "pentad/base/address_scope.hpp"
#include "pentad/base/error.hpp"
#include "pentad/base/ip_address.hpp"
#include "pentad/base/parse_number.hpp"
#include "pentad/base/result.hpp"

namespace pentad {

struct ip_network {
  ip_address address;   ///< its bits behind the length are zero
  unsigned length = 0;  ///< how many bits are shared

  /// Those that share the first `length` bits with an address; at most all of them.
  [[nodiscard]] static constexpr ip_network around(const ip_address& address,
                                                   unsigned length) noexcept {
    const unsigned bits = address.is_v4() ? 32 : 128;
    length = std::min(length, bits);
    std::array<std::byte, 16> bytes{};
    for (unsigned i = 0; i * 8 < length; ++i) {
      const unsigned kept = std::min(8U, length - i * 8);
      bytes[i] = address.bytes()[i] & std::byte{static_cast<unsigned char>(0xff00U >> kept)};
    }
    if (address.is_v6()) return {ip_address::v6(bytes), length};
    return {ip_address::v4({bytes[0], bytes[1], bytes[2], bytes[3]}), length};
  }

  /// Reads `ADDRESS/LENGTH`, or an address, which is a range of one. Errors:
  /// `errc::malformed_address`, also for bits behind the length.
  [[nodiscard]] static result<ip_network> parse(std::string_view text) {
    const std::string_view front = text.substr(0, text.find('/'));
    const result<ip_address> address = ip_address::parse(front);
    if (!address) return std::unexpected{address.error()};
    unsigned length = address->is_v4() ? 32 : 128;
    const unsigned most = length;
    if (front.size() != text.size()) {
      const auto number = parse_number<unsigned>(text.substr(front.size() + 1));
      if (!number || *number > most)
        return std::unexpected{make_error_code(errc::malformed_address)};
      length = *number;
    }
    const ip_network made = around(*address, length);
    if (made.address != *address) return std::unexpected{make_error_code(errc::malformed_address)};
    return made;
  }

  [[nodiscard]] constexpr bool contains(const ip_address& other) const noexcept {
    return other.version() == address.version() && common_prefix_length(address, other) >= length;
  }

  friend constexpr auto operator<=>(const ip_network&, const ip_network&) noexcept = default;
};

[[nodiscard]] inline std::string to_string(const ip_network& network) {
  return to_string(network.address) + "/" + std::to_string(network.length);
}

}  // namespace pentad
