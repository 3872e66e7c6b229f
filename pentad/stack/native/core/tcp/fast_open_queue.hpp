// How many connections of one listener are served before their handshake has ended (RFC 7413,
// section 5.1). Those that were reset count for a while longer: else who has stolen a cookie could
// have as much work done as he likes, and let his victims end it.
#pragma once

#include <deque>

#include "pentad/base/clock.hpp"

namespace pentad::native {

class fast_open_queue {
 public:
  /// 0, as it is in the beginning: none.
  void set_most(unsigned most) noexcept { most_ = most; }
  bool is_open() const noexcept { return most_ != 0; }

  bool has_room(instant now) {
    while (!resets_.empty() && resets_.front() <= now) resets_.pop_front();
    return pending_ + resets_.size() < most_;
  }
  void begun() noexcept { ++pending_; }
  void ended(bool by_reset, instant now) {
    --pending_;
    if (by_reset) resets_.push_back(later(now, remembered));
  }

 private:
  static constexpr duration remembered = std::chrono::minutes(1);

  unsigned most_ = 0;
  unsigned pending_ = 0;
  std::deque<instant> resets_;  // when each is forgotten
};

}  // namespace pentad::native
