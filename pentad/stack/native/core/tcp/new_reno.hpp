// Congestion control: slow start and congestion avoidance (RFC 5681). Windows in bytes.
#pragma once

#include <algorithm>
#include <cstdint>

namespace pentad::native {

class new_reno {
 public:
  /// RFC 6928: ten segments to begin with.
  void start(std::uint32_t segment_size) noexcept {
    segment_ = segment_size;
    window_ = 10 * segment_size;
  }

  std::uint32_t window() const noexcept { return window_; }
  std::uint32_t threshold() const noexcept { return threshold_; }
  bool in_slow_start() const noexcept { return window_ < threshold_; }

  /// `bytes` of new data were acknowledged outside of recovery. `window_was_used`: it is what
  /// limited sending; a window that is not used does not grow (RFC 7661, section 4).
  void acknowledged(std::uint32_t bytes, bool window_was_used) noexcept {
    if (!window_was_used) return;
    if (in_slow_start()) {
      window_ = std::min(most, window_ + std::min(bytes, 2 * segment_));  // RFC 3465, L = 2
      return;
    }
    // One segment a round trip, by counting bytes (RFC 5681, section 3.1).
    counted_ += bytes;
    if (counted_ >= window_) {
      counted_ -= window_;
      window_ = std::min(most, window_ + segment_);
    }
  }

  /// Loss has shown congestion (RFC 5681, section 3.1, equation 4): the threshold of what is left.
  void reduce(std::uint32_t in_flight) noexcept {
    threshold_ = std::max(in_flight / 2, 2 * segment_);
    counted_ = 0;
  }

  /// What recovery allows at the moment.
  void set_window(std::uint32_t bytes) noexcept { window_ = bytes; }

  /// The retransmission timer expired (RFC 5681, section 3.1, equation 4). A second expiry for the
  /// same data leaves the threshold alone.
  void timed_out(std::uint32_t in_flight, bool first_time) noexcept {
    if (first_time) threshold_ = std::max(in_flight / 2, 2 * segment_);
    window_ = segment_;
    counted_ = 0;
  }

  /// The connection was silent for longer than its timeout (RFC 5681, section 4.1).
  void restart_after_idle() noexcept { window_ = std::min(window_, 10 * segment_); }

  /// The path takes smaller segments than before.
  void set_segment_size(std::uint32_t size) noexcept {
    segment_ = size;
    window_ = std::max(window_, size);
  }

 private:
  static constexpr std::uint32_t most = std::uint32_t{1} << 30;

  std::uint32_t segment_ = 536;
  std::uint32_t window_ = 5360;
  std::uint32_t threshold_ = most;
  std::uint32_t counted_ = 0;
};

}  // namespace pentad::native
