// How a message ends whose last segment is to be lost once.
#pragma once

#include <string_view>

namespace pentad::bench {

inline constexpr std::string_view tail_mark = "lose this tail once";

}  // namespace pentad::bench
