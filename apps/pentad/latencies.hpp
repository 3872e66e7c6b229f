// Many durations, of which percentiles are asked: counted in buckets of a 64th of their value, so
// that a long run needs no more memory than a short one.
#pragma once

#include <cstdint>
#include <vector>

#include "pentad/base/clock.hpp"

namespace pentad::command {

class latencies {
 public:
  void add(duration one);

  std::uint64_t count() const noexcept { return count_; }
  duration least() const noexcept { return least_; }
  duration most() const noexcept { return most_; }

  /// What the given part of all, from 0 to 1, did not exceed; at most a 64th too long. Zero if
  /// there are none.
  duration percentile(double part) const;

 private:
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  duration least_ = duration::max();
  duration most_{};
};

}  // namespace pentad::command
