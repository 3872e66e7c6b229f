// How fast a client may send: so many lines at once, then one every so often.
#pragma once

#include <algorithm>
#include <cstdint>

#include "pentad/base/clock.hpp"

namespace pentad::messenger {

struct line_rate {
  std::uint32_t burst = 1;  ///< tokens that a full bucket holds
  duration interval{};      ///< in which one token comes; zero: tokens never run out
};

/// Holds one moment: the one at which the bucket would be full again (a virtual scheduling
/// algorithm, ITU-T I.371, annex A).
class token_bucket {
 public:
  /// When the next token can be taken.
  constexpr instant next(const line_rate& rate) const noexcept {
    return full_at_ - rate.interval * (rate.burst - 1);
  }

  constexpr bool ready(instant now, const line_rate& rate) const noexcept {
    return next(rate) <= now;
  }

  /// Takes a token, `ready` or not.
  constexpr void take(instant now, const line_rate& rate) noexcept {
    full_at_ = std::max(full_at_, now) + rate.interval;
  }

  constexpr bool full(instant now) const noexcept { return full_at_ <= now; }

  constexpr void fill() noexcept { full_at_ = instant{}; }

 private:
  instant full_at_{};
};

}  // namespace pentad::messenger
