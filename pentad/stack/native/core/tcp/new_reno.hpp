// Congestion control: slow start, congestion avoidance, fast retransmit and fast recovery
// (RFC 5681) with the NewReno response to partial acknowledgements (RFC 6582). Windows in bytes.
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
  bool in_recovery() const noexcept { return in_recovery_; }
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

  /// The third duplicate acknowledgement (RFC 5681, section 3.2, steps 2 and 3).
  void enter_recovery(std::uint32_t in_flight) noexcept {
    threshold_ = std::max(in_flight / 2, 2 * segment_);
    window_ = threshold_ + 3 * segment_;
    most_in_recovery_ = std::max(window_, threshold_ + in_flight);
    in_recovery_ = true;
  }

  /// One more duplicate in recovery: a segment has left the network (step 4). No more can leave it
  /// than were in it (section 3.2, last paragraph but one): others are a peer's lie.
  void duplicate_in_recovery() noexcept {
    window_ = std::min(most_in_recovery_, window_ + segment_);
  }

  /// Some of what was lost has arrived (RFC 6582, section 3.2, step 3).
  void partially_acknowledged(std::uint32_t bytes) noexcept {
    window_ = window_ > bytes ? window_ - bytes : 0;
    if (bytes >= segment_) window_ += segment_;
    window_ = std::max(window_, segment_);
  }

  /// All that was in flight when recovery began has arrived (step 3, full acknowledgement).
  void leave_recovery(std::uint32_t in_flight) noexcept {
    window_ = std::min(threshold_, std::max(in_flight, segment_) + segment_);
    in_recovery_ = false;
    counted_ = 0;
  }

  /// The retransmission timer expired (RFC 5681, section 3.1, equation 4). A second expiry for the
  /// same data leaves the threshold alone.
  void timed_out(std::uint32_t in_flight, bool first_time) noexcept {
    if (first_time) threshold_ = std::max(in_flight / 2, 2 * segment_);
    window_ = segment_;
    in_recovery_ = false;
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
  std::uint32_t most_in_recovery_ = most;
  bool in_recovery_ = false;
};

}  // namespace pentad::native
