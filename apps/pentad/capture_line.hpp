// What `capture` prints of a frame.
#pragma once

#include <string>
#include <string_view>

#include "pentad/socket/host.hpp"

namespace pentad::command {

/// A line with its end: the time of day, the interface, the way, and what the frame is.
std::string capture_line(const received_frame& frame, std::string_view interface);

}  // namespace pentad::command
