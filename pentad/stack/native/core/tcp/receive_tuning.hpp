// How large a receive buffer should be: so large that a sender who doubles what is in flight each
// round trip never waits for it (dynamic right-sizing; Linux: tcp_rcv_space_adjust).
#pragma once

#include <algorithm>
#include <cstdint>

#include "pentad/base/clock.hpp"

namespace pentad::native {

class receive_tuning {
 public:
  /// A program has read `bytes` more. Returns how large the buffer must be, once for each round
  /// trip in which it has read more than in any before; 0 otherwise.
  std::uint64_t read(std::uint64_t bytes, instant now, duration round_trip,
                     std::uint32_t segment) noexcept {
    bytes_ += bytes;
    if (now - begun_ < round_trip) return 0;
    const std::uint64_t in_round = bytes_;
    bytes_ = 0;
    begun_ = now;
    if (in_round <= most_) return 0;
    // Twice what was read, for the next round may bring twice as much, and the growth of this round
    // once more: the reader lags behind the sender by a round trip.
    std::uint64_t wanted = 2 * in_round + 16 * std::uint64_t{segment};
    if (most_ != 0) wanted += 2 * wanted * (in_round - most_) / most_;
    most_ = in_round;
    return wanted;
  }

 private:
  std::uint64_t bytes_ = 0;  // in this round trip
  std::uint64_t most_ = 0;   // in any before
  instant begun_{};
};

}  // namespace pentad::native
