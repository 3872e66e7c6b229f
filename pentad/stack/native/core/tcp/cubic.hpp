// The window is a cubic function of the time since the last congestion (CUBIC, RFC 9438): it nears
// the one at which that happened fast, stays there, and then looks for more.
#pragma once

#include "pentad/stack/native/core/tcp/congestion_avoidance.hpp"

namespace pentad::native {

class cubic final : public congestion_avoidance {
 public:
  std::uint32_t growth(std::uint32_t bytes, std::uint32_t window, std::uint32_t segment,
                       instant now, duration round_trip) noexcept override;
  std::uint32_t reduced(std::uint32_t window, std::uint32_t segment,
                        bool after_timeout) noexcept override;
  void paused(duration idle) noexcept override {
    if (in_epoch_) epoch_began_ += idle;
  }
  std::unique_ptr<congestion_avoidance> clone() const override {
    return std::make_unique<cubic>(*this);
  }

  // Section 5, constants.
  static constexpr double beta = 0.7;
  static constexpr double scale = 0.4;  // C, segments a cubic second

 private:
  void begin_epoch(double window_in_segments, instant now) noexcept;

  // In segments.
  double largest_ = 0;             // W_max
  double prior_ = 0;               // cwnd_prior
  double estimate_ = 0;            // W_est: what Reno would have by now
  double credit_ = 0;              // of growth, less than a byte, in bytes
  double seconds_to_largest_ = 0;  // K
  instant epoch_began_{};
  bool in_epoch_ = false;
};

}  // namespace pentad::native
