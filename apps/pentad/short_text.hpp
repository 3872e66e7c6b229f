// Numbers as people read them at a glance: three digits and a unit.
#pragma once

#include <cstdint>
#include <string>

#include "pentad/base/clock.hpp"

namespace pentad::command {

/// `0`, `999`, `1.23k`, `45.6M`, in powers of 1000.
std::string short_number(double amount);

/// How much of `amount` there is in a second, if there is all of it in `time`.
inline double per_second(std::uint64_t amount, duration time) noexcept {
  return static_cast<double>(amount) / std::chrono::duration<double>(time).count();
}

/// `850ns`, `12.3us`, `1.20ms`, `2.50s`.
std::string short_time(duration time);

}  // namespace pentad::command
