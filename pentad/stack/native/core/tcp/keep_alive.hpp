// Whether a silent peer is still there (RFC 9293, section 3.8.4): few connections ask for it.
#pragma once

#include <cstdint>

#include "pentad/base/clock.hpp"

namespace pentad::native {

/// Keep-alive probes, as `stream_options` sets them.
struct tcp_keep_alive {
  duration idle{};  ///< zero: none
  duration interval{};
  unsigned count = 0;
};

class keep_alive {
 public:
  keep_alive(const tcp_keep_alive& wanted, instant now) noexcept : wanted_(wanted), heard_(now) {
    wait(now);
  }

  /// When to look again.
  instant due() const noexcept { return due_; }

  /// The peer has shown itself.
  void heard(instant now) noexcept {
    heard_ = now;
    probes_ = 0;
    wait(now);
  }
  /// Others watch over the connection now.
  void wait(instant now) noexcept { due_ = now + wanted_.idle; }

  /// The peer has not answered. As on Linux, `patience` takes the place of the number of probes,
  /// unless it is zero.
  bool gave_up(instant now, duration patience) const noexcept {
    return patience > duration::zero() ? probes_ > 0 && now - heard_ >= patience
                                       : probes_ >= wanted_.count;
  }
  void probed(instant now) noexcept {
    ++probes_;
    due_ = now + wanted_.interval;
  }

 private:
  tcp_keep_alive wanted_;
  instant due_{};
  instant heard_;
  unsigned probes_ = 0;
};

}  // namespace pentad::native
