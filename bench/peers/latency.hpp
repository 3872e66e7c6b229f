// A histogram of nanoseconds in fixed memory: 64 steps for each power of two, so that a
// percentile is right within 1.6 %.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

class latency {
 public:
  void add(std::uint64_t value, std::uint64_t times) noexcept {
    counts_[bucket(value)] += times;
    total_ += times;
  }

  /// The time that `share` (0 to 1) of all samples stayed below; 0 without samples.
  [[nodiscard]] std::uint64_t percentile(double share) const noexcept {
    const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(total_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen > wanted) return floor_of(i);
    }
    return 0;
  }

 private:
  static constexpr unsigned step_bits = 6, steps = 1U << step_bits, octaves = 36;

  static std::size_t bucket(std::uint64_t value) noexcept {
    if (value < steps) return static_cast<std::size_t>(value);
    const auto shift = static_cast<unsigned>(std::bit_width(value)) - 1 - step_bits;
    const auto step = static_cast<std::size_t>(value >> shift) - steps;
    return std::min((shift + 1) * std::size_t{steps} + step, std::size_t{octaves * steps - 1});
  }

  static std::uint64_t floor_of(std::size_t index) noexcept {
    if (index < steps) return index;
    const auto shift = index / steps - 1;
    return (steps + index % steps) << shift;
  }

  std::array<std::uint64_t, std::size_t{octaves} * steps> counts_{};
  std::uint64_t total_ = 0;
};
