#pragma once

/// The protocol inside an IP packet, by the number that IANA assigned to it.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "pentad/base/result.hpp"
#include "pentad/base/text_writer.hpp"

namespace pentad {

/// Any value from 0 to 255 is allowed, named here or not.
enum class ip_protocol : std::uint8_t { icmp = 1, tcp = 6, udp = 17, icmpv6 = 58 };

/// Whether its packets carry a local and a remote port.
[[nodiscard]] constexpr bool has_ports(ip_protocol protocol) noexcept {
  return protocol == ip_protocol::tcp || protocol == ip_protocol::udp;
}

/// Reads a name (`tcp`, `udp`, `icmp`, `icmpv6`) or a number from 0 to 255.
/// Errors: `errc::malformed_protocol`.
[[nodiscard]] result<ip_protocol> parse_ip_protocol(std::string_view text);

/// Writes the name, or the number of a protocol without one; at most 6 characters.
void format_to(text_writer& out, ip_protocol protocol) noexcept;
[[nodiscard]] std::string to_string(ip_protocol protocol);

}  // namespace pentad
