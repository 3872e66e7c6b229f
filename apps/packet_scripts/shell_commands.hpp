// The lines that scripts give to the shell: settings of the host, mapped to those of the stack.
#pragma once

#include <string_view>

#include "apps/packet_scripts/host_under_test.hpp"

namespace pentad::packet_scripts {

/// Carries out all lines of `commands` on `settings`. Returns whether any of them has set
/// something. Throws `unsupported` for what cannot be set here.
bool apply_commands(std::string_view commands, host_settings& settings);

/// What defaults.sh of packetdrill's scripts sets; the host has that from the beginning.
void apply_defaults(host_settings& settings);

/// `net.ipv4.tcp_sack` and the like. Throws `unsupported`.
void apply_sysctl(std::string_view key, std::string_view value, host_settings& settings);

}  // namespace pentad::packet_scripts
