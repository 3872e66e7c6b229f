#include "pentad/stack/native/core/tcp/congestion_control.hpp"

#include <algorithm>

#include "pentad/stack/native/core/tcp/cubic.hpp"
#include "pentad/stack/native/core/tcp/hystart.hpp"
#include "pentad/stack/native/core/tcp/new_reno.hpp"

namespace pentad::native {

congestion_avoidance& congestion_control::law() {
  if (law_ == nullptr) {
    if (algorithm_ == congestion_algorithm::cubic) {
      law_ = std::make_unique<cubic>();
    } else {
      law_ = std::make_unique<new_reno>();
    }
  }
  return *law_;
}

// RFC 6928, section 2.
std::uint32_t congestion_control::initial_window() const noexcept {
  return std::min(10 * segment_, std::max(2 * segment_, std::uint32_t{14600}));
}

void congestion_control::start(std::uint32_t segment_size, bool handshake_was_lost) noexcept {
  segment_ = segment_size;
  window_ = handshake_was_lost ? segment_ : initial_window();
}

void congestion_control::acknowledged(std::uint32_t bytes, bool careful, instant now,
                                      duration round_trip) {
  std::uint32_t more = 0;
  if (in_slow_start()) {
    more = careful ? bytes / hystart::growth_divisor : bytes;
    // What is beyond the threshold is for the law.
    more = std::min(more, std::max(threshold_ - window_, segment_));
  } else {
    more = law().growth(bytes, window_, segment_, now, round_trip);
  }
  window_ = std::min(most, window_ + more);
}

void congestion_control::reduce(std::uint32_t in_flight) {
  threshold_ = std::max(law().reduced(in_flight, segment_, false), 2 * segment_);
}

void congestion_control::timed_out(std::uint32_t in_flight, bool first_time) {
  if (first_time) {
    threshold_ = std::max(law().reduced(in_flight, segment_, true), 2 * segment_);
  }
  window_ = segment_;
}

void congestion_control::restart_after_idle(duration idle, duration timeout) noexcept {
  if (law_ != nullptr) law_->paused(idle);
  if (!in_first_slow_start()) threshold_ = std::max(threshold_, window_ / 4 * 3);
  for (; idle > timeout && window_ > initial_window(); idle -= timeout) {
    window_ = std::max(window_ / 2, initial_window());
  }
}

void congestion_control::set_segment_size(std::uint32_t size) noexcept {
  segment_ = size;
  window_ = std::max(window_, size);
}

congestion_control::memory congestion_control::remember() const {
  return {window_, threshold_, law_ == nullptr ? nullptr : law_->clone()};
}

void congestion_control::restore(memory&& before) noexcept {
  window_ = std::max(window_, before.window);
  threshold_ = before.threshold;
  law_ = std::move(before.law);
}

}  // namespace pentad::native
