// One script, from its text to a verdict.
#pragma once

#include <string>
#include <string_view>

#include "pentad/base/ip_address.hpp"

namespace pentad::packet_scripts {

struct verdict {
  enum class kind : std::uint8_t { passed, failed, not_supported, malformed };
  kind what = kind::passed;
  unsigned line = 0;    ///< where it failed, or is malformed
  unsigned column = 0;  ///< where it is malformed
  std::string reason;   ///< what was expected and what came; or what is not supported
};

/// Scripts that do not say otherwise run over `version`.
verdict run_script(std::string_view source, ip_version version = ip_version::v4);

}  // namespace pentad::packet_scripts
