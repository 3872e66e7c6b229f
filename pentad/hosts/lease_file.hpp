// The address that a DHCP server has given, in a file, so that the host asks for the same one the
// next time (RFC 2131, section 3.2).
#pragma once

#include <optional>
#include <string>

#include "pentad/base/ip_address.hpp"
#include "pentad/base/result.hpp"

namespace pentad {

/// Nothing if there is no such file, or something else in it.
std::optional<ip_address> read_lease(const std::string& path);

/// Replaces the file as a whole. Errors: those of open(2), write(2) and rename(2).
result<void> write_lease(const std::string& path, const ip_address& address);

}  // namespace pentad
