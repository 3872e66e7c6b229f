// How long answers took, as `ping` and `trace` sum it up.
#pragma once

#include <cstdint>
#include <string>

#include "pentad/base/clock.hpp"

namespace pentad::command {

class round_trips {
 public:
  void add(duration taken) noexcept;

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

  // Zero of none.
  [[nodiscard]] duration least() const noexcept { return least_; }
  [[nodiscard]] duration most() const noexcept { return most_; }
  [[nodiscard]] duration mean() const noexcept;
  /// The standard deviation of all, not that of a sample.
  [[nodiscard]] duration deviation() const noexcept;

 private:
  std::uint64_t count_ = 0;
  duration least_{};
  duration most_{};
  // Welford's: sums of squares would lose what differs.
  double mean_ = 0;
  double squares_ = 0;
};

/// `0.042`, in milliseconds.
std::string milliseconds(duration taken);

/// The share of `part` in `whole` in percent, as `0`, `33.3` or `100`; of nothing it is 0.
std::string percent(std::uint64_t part, std::uint64_t whole);

}  // namespace pentad::command
