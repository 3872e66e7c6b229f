// Time as it is told to the server, which has no clock of its own.
#pragma once

#include <chrono>

#include "pentad/base/clock.hpp"

namespace pentad::messenger {

using wall_time = std::chrono::sys_time<std::chrono::milliseconds>;

/// One reading of two clocks.
struct moment {
  instant steady;  ///< never goes back: timeouts and rates
  wall_time wall;  ///< what people are shown
};

/// Unix time, as numerics give it.
constexpr std::chrono::sys_seconds whole_seconds(wall_time at) noexcept {
  return std::chrono::floor<std::chrono::seconds>(at);
}

}  // namespace pentad::messenger
