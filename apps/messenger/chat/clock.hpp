// What time it is for the person at this machine.
#pragma once

#include <chrono>

#include "apps/messenger/server/moment.hpp"

namespace pentad::messenger::chat {

inline wall_time wall_clock() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace pentad::messenger::chat
