// What a connection was before it slowed down for a loss that may have been
// none (RFC 4015).
#pragma once

#include <optional>

#include "pentad/stack/native/core/tcp/congestion_control.hpp"
#include "pentad/wire/tcp_options.hpp"

namespace pentad::native {

class undo {
 public:
  bool is_possible() const noexcept { return first_.has_value(); }

  /// All from `first` to `end` is in flight, and some of it seems to be lost.
  void remember(congestion_control::memory&& before, wire::tcp_sequence first,
                wire::tcp_sequence end) noexcept {
    before_ = std::move(before);
    first_ = first;
    end_ = end;
    sent_again_ = 0;
    first_time_.reset();
  }
  congestion_control::memory recall() noexcept {
    first_.reset();
    return std::move(before_);
  }
  void forget() noexcept {
    first_.reset();
    before_.law.reset();
  }

  /// A segment was sent again when the timestamp clock showed `time`.
  void sent_again(std::uint32_t time) noexcept {
    ++sent_again_;
    if (!first_time_) first_time_ = time;
  }

  /// What is acknowledged was sent when the clock showed `echoed`: the first
  /// copy has come (Eifel, RFC 3522, section 3.2).
  bool is_echo_of_first(std::uint32_t echoed) const noexcept {
    return first_ && first_time_ && static_cast<std::int32_t>(echoed - *first_time_) < 0;
  }

  /// `block` has come twice (RFC 3708, section 3). True once all that was sent
  /// again has.
  bool arrived_twice(const wire::tcp_sack_block& block) noexcept {
    if (!first_ || sent_again_ == 0 || block.begin < *first_ || block.end > end_) return false;
    return --sent_again_ == 0;
  }

 private:
  congestion_control::memory before_;
  std::optional<wire::tcp_sequence> first_;
  wire::tcp_sequence end_;
  std::optional<std::uint32_t> first_time_;
  std::uint32_t sent_again_ = 0;
};

}  // namespace pentad::native
