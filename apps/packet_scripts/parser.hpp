// From the text of a script to values, in the notation of packetdrill.
#pragma once

#include <string_view>

#include "apps/packet_scripts/script.hpp"

namespace pentad::packet_scripts {

/// Throws `malformed` for what is no script, `unsupported` for what is known and not had here.
script parse_script(std::string_view source);

}  // namespace pentad::packet_scripts
