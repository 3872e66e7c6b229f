#include "pentad/stack/native/core/tcp/cubic.hpp"

#include <algorithm>
#include <cmath>

namespace pentad::native {
namespace {

double seconds(duration time) noexcept { return std::chrono::duration<double>(time).count(); }

}  // namespace

// Section 4.2; after slow start without a loss, or after a timeout, the plateau is where it begins
// (sections 4.8 and 4.10).
void cubic::begin_epoch(double window_in_segments, instant now) noexcept {
  in_epoch_ = true;
  epoch_began_ = now;
  largest_ = std::max(largest_, window_in_segments);
  seconds_to_largest_ = std::cbrt((largest_ - window_in_segments) / scale);
  estimate_ = window_in_segments;
  credit_ = 0;
}

std::uint32_t cubic::growth(std::uint32_t bytes, std::uint32_t window, std::uint32_t segment,
                            instant now, duration round_trip) noexcept {
  const double size = segment;
  const double current = window / size;
  if (!in_epoch_) begin_epoch(current, now);
  const auto at = [&](double time) {
    const double from_plateau = time - seconds_to_largest_;
    return scale * from_plateau * from_plateau * from_plateau + largest_;
  };
  const double elapsed = std::max(0.0, seconds(now - epoch_began_));
  const double acknowledged = bytes / size;

  // Section 4.3: never slower than Reno, which takes its share of a slow path.
  const double alpha = estimate_ < prior_ ? 3 * (1 - beta) / (1 + beta) : 1.0;
  estimate_ += alpha * acknowledged / current;
  double more = 0;
  if (at(elapsed) < estimate_) {
    more = std::max(0.0, estimate_ - current);
  } else {  // sections 4.4 and 4.5
    const double target = std::clamp(at(elapsed + seconds(round_trip)), current, 1.5 * current);
    more = (target - current) / current * acknowledged;
  }
  credit_ += more * size;
  const auto whole = static_cast<std::uint32_t>(credit_);
  credit_ -= whole;
  return whole;
}

std::uint32_t cubic::reduced(std::uint32_t window, std::uint32_t segment,
                             bool after_timeout) noexcept {
  const double current = static_cast<double>(window) / segment;
  prior_ = current;
  // Section 4.7: a flow that loses what it had gives way to new ones.
  largest_ = current < largest_ ? current * (1 + beta) / 2 : current;
  if (after_timeout) largest_ = 0;
  in_epoch_ = false;
  return static_cast<std::uint32_t>(window * beta);
}

}  // namespace pentad::native
