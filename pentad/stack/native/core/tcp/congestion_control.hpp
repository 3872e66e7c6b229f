// How much may be in flight (RFC 5681): slow start, and beyond it a law of growth. In bytes.
#pragma once

#include <memory>

#include "pentad/stack/native/core/tcp/congestion_avoidance.hpp"

namespace pentad::native {

class congestion_control {
 public:
  explicit congestion_control(congestion_algorithm chosen) noexcept : algorithm_(chosen) {}

  /// RFC 6928, section 2; one segment if the handshake had to be repeated (RFC 5681, section 3.1).
  void start(std::uint32_t segment_size, bool handshake_was_lost) noexcept;

  std::uint32_t window() const noexcept { return window_; }
  std::uint32_t threshold() const noexcept { return threshold_; }
  bool in_slow_start() const noexcept { return window_ < threshold_; }
  /// Nothing has ended slow start since the connection began.
  bool in_first_slow_start() const noexcept { return threshold_ == most; }

  /// `bytes` of new data were acknowledged outside of recovery, while the window was what limits
  /// sending: one that is not used does not grow (RFC 7661, section 4). `careful`: slow start with
  /// a quarter of its growth (RFC 9406).
  void acknowledged(std::uint32_t bytes, bool careful, instant now, duration round_trip);

  /// Slow start has found what the path takes.
  void end_slow_start() noexcept { threshold_ = window_; }

  /// There is congestion, with `in_flight`: the threshold of what is left.
  void reduce(std::uint32_t in_flight);

  /// What recovery allows at the moment.
  void set_window(std::uint32_t bytes) noexcept { window_ = bytes; }

  /// The retransmission timer expired (RFC 5681, section 3.1, equation 4). A second expiry for the
  /// same data leaves the threshold alone.
  void timed_out(std::uint32_t in_flight, bool first_time);

  /// The connection was silent for `idle`, longer than `timeout`: half of the window for each
  /// (RFC 2861, section 3.2).
  void restart_after_idle(duration idle, duration timeout) noexcept;

  /// The path takes smaller segments than before.
  void set_segment_size(std::uint32_t size) noexcept;

  /// How it was before a reduction that may have been wrong.
  struct memory {
    std::uint32_t window = 0;
    std::uint32_t threshold = 0;
    std::unique_ptr<congestion_avoidance> law;
  };
  memory remember() const;
  void restore(memory&& before) noexcept;

 private:
  static constexpr std::uint32_t most = std::uint32_t{1} << 30;

  congestion_avoidance& law();
  std::uint32_t initial_window() const noexcept;

  std::uint32_t segment_ = 536;
  std::uint32_t window_ = 5360;
  std::uint32_t threshold_ = most;
  congestion_algorithm algorithm_;
  std::unique_ptr<congestion_avoidance> law_;  // since slow start has ended
};

}  // namespace pentad::native
