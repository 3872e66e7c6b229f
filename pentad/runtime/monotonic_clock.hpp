// The clock of Linux's engines.
#pragma once

#include <time.h>

#include "pentad/base/clock.hpp"

namespace pentad {

/// CLOCK_MONOTONIC, clock_gettime(2).
inline instant monotonic_now() noexcept {
  timespec read;
  ::clock_gettime(CLOCK_MONOTONIC, &read);
  return instant(std::chrono::seconds(read.tv_sec) + duration(read.tv_nsec));
}

}  // namespace pentad
