// Adaptive spinning before a sleep: worth three times the rate on one busy connection, and a waste
// on an idle one, so the time spent doubles with each success and halves with each failure.
#pragma once

#include <algorithm>

#include "pentad/base/clock.hpp"

namespace pentad {

class spinner {
 public:
  /// Spins for `most` at a time; zero: never.
  explicit spinner(duration most) noexcept : most_(most), current_(most) {}

  bool enabled() const noexcept { return most_ > duration::zero(); }

  /// Calls `found` until it is true, `until` passes or spinning does not pay; `now` reads the
  /// clock.
  template <class Now, class Found>
  bool spin(instant until, Now now, Found found) {
    const instant end = std::min(until, later(now(), current_));
    do {
      for (int i = 0; i < looks_per_clock_read; ++i) {
        if (found()) {
          current_ = std::min(most_, current_ * 2);
          return true;
        }
        pause();
      }
    } while (now() < end);
    current_ = std::max(most_ / 32, current_ / 2);
    return false;
  }

 private:
  static constexpr int looks_per_clock_read = 16;

  static void pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
  }

  duration most_;
  duration current_;
};

}  // namespace pentad
