// The options in front of a script.
#pragma once

#include "apps/packet_scripts/host_under_test.hpp"
#include "apps/packet_scripts/script.hpp"

namespace pentad::packet_scripts {

struct script_settings {
  host_settings host;
  /// How much earlier or later than a script says something may happen.
  duration tolerance = std::chrono::milliseconds(4);
  /// Whether timestamps of TCP are looked at; they are when a script names their tick.
  bool checks_timestamps = false;
};

/// Throws `malformed` and `unsupported`.
script_settings settings_of(const script& read, ip_version version);

}  // namespace pentad::packet_scripts
