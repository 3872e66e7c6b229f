// What the server calls itself.
#pragma once

#include <string_view>

namespace pentad::messenger {

inline constexpr std::string_view server_version = "pentad-" PENTAD_VERSION;

}  // namespace pentad::messenger
