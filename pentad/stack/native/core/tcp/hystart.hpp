// Slow start ends when round trips get longer, not only when something is lost (HyStart++, RFC
// 9406).
#pragma once

#include <algorithm>

#include "pentad/base/clock.hpp"
#include "pentad/wire/tcp_sequence.hpp"

namespace pentad::native {

class hystart {
 public:
  /// No round has begun yet.
  void forget() noexcept {
    begun_ = false;
    careful_rounds_ = 0;
    least_ = duration::max();
  }

  /// All before `to` is acknowledged, and `send_next` goes next; `round_trip` was measured. True
  /// if slow start has to end (section 4.2).
  bool acknowledged(wire::tcp_sequence to, wire::tcp_sequence send_next,
                    duration round_trip) noexcept {
    if (!begun_ || to >= round_end_) {
      begun_ = true;
      if (is_careful() && ++careful_rounds_ > most_careful_rounds) return true;
      round_end_ = send_next;
      least_before_ = least_;
      least_ = duration::max();
      samples_ = 0;
    }
    least_ = std::min(least_, round_trip);
    if (++samples_ < enough_samples || least_before_ == duration::max()) return false;
    if (is_careful()) {
      if (least_ < baseline_) careful_rounds_ = 0;  // it was no queue
      return false;
    }
    constexpr duration least_increase = std::chrono::milliseconds(4);
    constexpr duration most_increase = std::chrono::milliseconds(16);
    const duration increase = std::clamp(least_before_ / 8, least_increase, most_increase);
    if (least_ >= least_before_ + increase) {
      baseline_ = least_;
      careful_rounds_ = 1;
    }
    return false;
  }

  /// In conservative slow start the window grows by a quarter of that.
  bool is_careful() const noexcept { return careful_rounds_ != 0; }

  // Section 4.3.
  static constexpr unsigned growth_divisor = 4;
  /// Segments by which the window grows at most at once; the rest is paced (`owed_growth`).
  static constexpr unsigned most_growth = 8;

 private:
  static constexpr unsigned enough_samples = 8;
  static constexpr unsigned most_careful_rounds = 5;

  bool begun_ = false;
  unsigned samples_ = 0;
  unsigned careful_rounds_ = 0;
  wire::tcp_sequence round_end_;
  duration least_ = duration::max();
  duration least_before_ = duration::max();
  duration baseline_ = duration::max();
};

}  // namespace pentad::native
