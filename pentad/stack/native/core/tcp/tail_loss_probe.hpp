// A last segment, sent again before its timeout, makes the peer tell what is missing at the end of
// a flight (TLP, RFC 8985, section 7).
#pragma once

#include <optional>

#include "pentad/base/clock.hpp"
#include "pentad/wire/tcp_sequence.hpp"

namespace pentad::native {

class tail_loss_probe {
 public:
  /// One is in flight: nothing is known of it yet.
  bool is_out() const noexcept { return end_.has_value(); }

  void sent(wire::tcp_sequence end, bool again) noexcept {
    end_ = end;
    again_ = again;
  }
  void forget() noexcept { end_.reset(); }

  /// An acknowledgement up to `to` has come (section 7.4.2); `in_vain`: with word that the probe's
  /// bytes had come before; `is_bare`: it tells nothing else. True if the probe has mended a loss,
  /// which is congestion.
  bool acknowledged(wire::tcp_sequence to, bool in_vain, bool is_bare) noexcept {
    if (!end_ || to < *end_) return false;
    const bool mended = again_ && !in_vain && to > *end_;
    if (!again_ || in_vain || mended || is_bare) end_.reset();
    return mended;
  }

  /// How long after the last segment it goes (section 7.2). `smoothed` is zero before anything was
  /// measured; `alone`: a single segment is in flight, whose acknowledgement the peer may delay.
  static duration timeout(duration smoothed, bool alone) noexcept {
    constexpr duration least = std::chrono::milliseconds(2);  // Linux: TCP_TIMEOUT_MIN
    constexpr duration most_delayed = std::chrono::milliseconds(200);
    if (smoothed == duration::zero()) return std::chrono::seconds(1);
    return std::max(2 * smoothed, least) + (alone ? most_delayed : duration::zero());
  }

 private:
  std::optional<wire::tcp_sequence> end_;
  bool again_ = false;
};

}  // namespace pentad::native
