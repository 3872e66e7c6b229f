// The retransmission timeout of a connection (RFC 6298), with Linux's bounds.
#pragma once

#include <algorithm>

#include "pentad/base/clock.hpp"

namespace pentad::native {

class retransmission_timeout {
 public:
  static constexpr duration initial = std::chrono::seconds(1);       // RFC 6298 (2.1)
  static constexpr duration least = std::chrono::milliseconds(200);  // Linux: TCP_RTO_MIN
  static constexpr duration most = std::chrono::seconds(120);        // Linux: TCP_RTO_MAX

  /// The timeout now, doubled for each expiry since the last new acknowledgement.
  duration current() const noexcept {
    return std::min(most, base_ * (std::int64_t{1} << std::min(backoff_, 20U)));
  }

  /// A round trip was measured on a segment that was not sent again, or by timestamps (Karn).
  void measured(duration rtt) noexcept {
    rtt = std::max(rtt, duration(1));
    if (smoothed_ == duration::zero()) {  // (2.2)
      smoothed_ = rtt;
      variance_ = rtt / 2;
    } else {  // (2.3), alpha = 1/8 and beta = 1/4
      const duration error = smoothed_ > rtt ? smoothed_ - rtt : rtt - smoothed_;
      variance_ += (error - variance_) / 4;
      smoothed_ += (rtt - smoothed_) / 8;
    }
    // Linux bounds the variance term rather than the sum, so that a steady path keeps a margin.
    base_ = std::min(most, smoothed_ + std::max(least, 4 * variance_));
    backoff_ = 0;
  }

  void back_off() noexcept { ++backoff_; }  // (5.5)
  void forget_backoff() noexcept { backoff_ = 0; }
  unsigned backoff() const noexcept { return backoff_; }

  /// The SYN was lost or its acknowledgement late: (5.7).
  void restart_after_handshake_loss() noexcept {
    if (smoothed_ != duration::zero()) return;
    base_ = std::chrono::seconds(3);
    backoff_ = 0;
  }

  duration smoothed() const noexcept { return smoothed_; }
  duration variance() const noexcept { return variance_; }

 private:
  duration smoothed_{};
  duration variance_{};
  duration base_ = initial;
  unsigned backoff_ = 0;
};

}  // namespace pentad::native
