// How much is sent in recovery (PRR, RFC 6937): as the window shrinks to its threshold, in
// proportion to what arrives. In bytes.
#pragma once

#include <algorithm>
#include <cstdint>

namespace pentad::native {

class proportional_rate_reduction {
 public:
  /// `in_flight` when recovery begins: RecoverFS.
  void begin(std::uint32_t in_flight) noexcept {
    *this = {};
    at_start_ = std::max(in_flight, std::uint32_t{1});
  }

  void sent(std::uint32_t bytes) noexcept { sent_ += bytes; }

  /// The window after `delivered` bytes have left the network, in which `pipe` are thought to be.
  /// `is_good`: something new is acknowledged, and nothing more was found lost.
  std::uint32_t window(std::uint32_t delivered, std::uint32_t pipe, std::uint32_t threshold,
                       std::uint32_t segment, bool is_good) noexcept {
    delivered_ += delivered;
    std::int64_t more = 0;
    if (pipe > threshold) {  // section 3.1, proportional
      more = static_cast<std::int64_t>((delivered_ * threshold + at_start_ - 1) / at_start_) -
             static_cast<std::int64_t>(sent_);
    } else {  // the slow start reduction bound, or the conservative one after further loss
      std::int64_t limit = static_cast<std::int64_t>(delivered_) - static_cast<std::int64_t>(sent_);
      if (is_good) limit = std::max<std::int64_t>(limit, delivered) + segment;
      more = std::min<std::int64_t>(threshold - pipe, limit);
    }
    // The first of what is lost goes at once.
    more = std::max<std::int64_t>(more, sent_ == 0 ? segment : 0);
    return pipe + static_cast<std::uint32_t>(more);
  }

 private:
  std::uint64_t at_start_ = 1;
  std::uint64_t delivered_ = 0;
  std::uint64_t sent_ = 0;
};

}  // namespace pentad::native
