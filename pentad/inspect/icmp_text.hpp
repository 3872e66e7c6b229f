#pragma once

/// What an ICMP message says, in words.

#include <cstdint>
#include <string>

#include "pentad/base/ip_address.hpp"

namespace pentad {

/// `time exceeded`, `host unreachable`, `echo request`; `type 42 code 1` for one without a name.
/// `version` says whether it is ICMP or ICMPv6.
[[nodiscard]] std::string icmp_text(ip_version version, std::uint8_t type, std::uint8_t code);

}  // namespace pentad
