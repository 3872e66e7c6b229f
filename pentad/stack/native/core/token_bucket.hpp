// Limits how often something is done: at a steady rate, with bursts.
#pragma once

#include <algorithm>

#include "pentad/base/clock.hpp"

namespace pentad::native {

struct rate_limit {
  duration interval{};  ///< one each interval in the long run; zero: no limit
  unsigned burst = 1;   ///< this many at once after a silence
};

class token_bucket {
 public:
  token_bucket(const rate_limit& limit, instant now) noexcept
      : limit_(limit), credit_(limit.interval * limit.burst), filled_(now) {}

  /// Whether it may be done now; if so it counts as done.
  bool take(instant now) noexcept {
    credit_ = std::min(limit_.interval * limit_.burst, credit_ + (now - filled_));
    filled_ = now;
    if (credit_ < limit_.interval) return false;
    credit_ -= limit_.interval;
    return true;
  }

 private:
  rate_limit limit_;
  duration credit_;
  instant filled_;
};

}  // namespace pentad::native
