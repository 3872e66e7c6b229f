// Slow start without bursts. What one acknowledgement of many segments adds to the window beyond a
// few comes in steps, at the pace at which the window itself goes out: with that there is no bound
// to what one acknowledgement may add (RFC 9406, section 4.3). Receivers that take what arrives in
// one batch as one acknowledge it so.
#pragma once

#include <algorithm>
#include <cstdint>

#include "pentad/base/clock.hpp"

namespace pentad::native {

class owed_growth {
 public:
  /// Where the round trip is shorter timers are too coarse, and windows are large soon enough.
  static constexpr duration least_round_trip = std::chrono::milliseconds(2);

  bool is_owed() const noexcept { return bytes_ != 0; }
  /// When the next step is to be paid; `never` if nothing is owed.
  instant due() const noexcept { return due_; }

  /// `bytes` more, in steps of `least_step` or what goes out in a millisecond.
  void add(std::uint32_t bytes, std::uint32_t least_step, std::uint32_t window, duration round_trip,
           instant now) noexcept {
    if (bytes == 0 || round_trip < least_round_trip) return;
    const double per_second = window / std::chrono::duration<double>(round_trip).count();
    step_ = std::max(least_step, static_cast<std::uint32_t>(per_second / 1000));
    interval_ =
        std::chrono::duration_cast<duration>(std::chrono::duration<double>(step_ / per_second));
    if (bytes_ == 0) due_ = now + interval_;
    bytes_ += bytes;
  }

  /// What is paid now.
  std::uint32_t pay(instant now) noexcept {
    const std::uint32_t paid = std::min(step_, bytes_);
    bytes_ -= paid;
    due_ = bytes_ != 0 ? now + interval_ : never;
    return paid;
  }

  /// The window does not grow any more.
  void forget() noexcept {
    bytes_ = 0;
    due_ = never;
  }

 private:
  std::uint32_t bytes_ = 0;
  std::uint32_t step_ = 0;
  duration interval_{};
  instant due_ = never;
};

}  // namespace pentad::native
