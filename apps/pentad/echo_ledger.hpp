// What `ping` has asked, and what has become of it.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "apps/pentad/round_trips.hpp"

namespace pentad::command {

/// Remembers the last 65,536 requests, as many as their sequence numbers can tell apart.
class echo_ledger {
 public:
  struct answer {
    std::uint64_t number = 0;  ///< of the request, counted from 1
    duration round_trip{};
    bool is_duplicate = false;
  };

  /// A request is sent. Its sequence number is the result; the first has 1.
  std::uint16_t sent(instant when);

  /// A reply to it came. None if no request has this number.
  std::optional<answer> answered(std::uint16_t sequence, instant when);

  /// An error came in place of an answer. The number of the request, if there was one.
  std::optional<std::uint64_t> failed(std::uint16_t sequence);

  /// The oldest request that nothing was heard of.
  struct waiting {
    std::uint64_t number = 0;
    instant since;
  };
  [[nodiscard]] std::optional<waiting> oldest_waiting() noexcept;

  /// Nothing is expected of it any more, although an answer still counts.
  void give_up(std::uint64_t number) noexcept { at(number).is_waiting = false; }

  [[nodiscard]] std::uint64_t requests() const noexcept { return first_ + entries_.size() - 1; }
  [[nodiscard]] std::uint64_t answers() const noexcept { return times_.count(); }
  [[nodiscard]] std::uint64_t duplicates() const noexcept { return duplicates_; }
  [[nodiscard]] std::uint64_t errors() const noexcept { return errors_; }
  [[nodiscard]] std::uint64_t lost() const noexcept { return requests() - answers(); }
  [[nodiscard]] const round_trips& times() const noexcept { return times_; }

 private:
  struct entry {
    instant when;
    bool is_answered = false;
    bool is_waiting = true;
  };

  entry& at(std::uint64_t number) noexcept { return entries_[number - first_]; }
  std::optional<std::uint64_t> number_of(std::uint16_t sequence) const noexcept;

  std::deque<entry> entries_;
  std::uint64_t first_ = 1;    // number of the oldest entry
  std::uint64_t settled_ = 1;  // none before this one waits
  std::uint64_t duplicates_ = 0;
  std::uint64_t errors_ = 0;
  round_trips times_;
};

}  // namespace pentad::command
