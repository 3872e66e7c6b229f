// What is counted between the end of a warm-up and the end of a measurement.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>

namespace pentad::bench {

class stopwatch {
 public:
  using clock = std::chrono::steady_clock;

  stopwatch(double warmup, double seconds)
      : begin_(clock::now() + in_seconds(warmup)), end_(begin_ + in_seconds(seconds)) {}

  /// Adds `count`; false when the time is over.
  bool add(std::uint64_t count) {
    count_ += count;
    if (++calls_ % calls_per_look != 0) return true;
    const clock::time_point now = clock::now();
    if (now < begin_) {
      started_ = now;
      count_ = 0;
      return true;
    }
    stopped_ = now;
    return now < end_;
  }

  double per_second() const {
    return static_cast<double>(count_) / std::chrono::duration<double>(stopped_ - started_).count();
  }

 private:
  static constexpr unsigned calls_per_look = 16;  // a look at the clock is not what is measured

  static clock::duration in_seconds(double seconds) {
    return std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(seconds));
  }

  clock::time_point begin_;
  clock::time_point end_;
  clock::time_point started_ = clock::now();
  clock::time_point stopped_;
  std::uint64_t count_ = 0;
  unsigned calls_ = 0;
};

}  // namespace pentad::bench
