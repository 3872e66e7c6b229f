#include "apps/pentad/echo_ledger.hpp"

#include <algorithm>

namespace pentad::command {
namespace {

constexpr std::size_t capacity = 65536;

}  // namespace

std::uint16_t echo_ledger::sent(instant when) {
  if (entries_.size() == capacity) {
    entries_.pop_front();
    ++first_;
  }
  entries_.push_back({.when = when});
  return static_cast<std::uint16_t>(requests());
}

std::optional<std::uint64_t> echo_ledger::number_of(std::uint16_t sequence) const noexcept {
  const auto behind = static_cast<std::uint16_t>(requests() - sequence);
  if (behind >= entries_.size()) return {};
  return requests() - behind;
}

std::optional<echo_ledger::answer> echo_ledger::answered(std::uint16_t sequence, instant when) {
  const std::optional<std::uint64_t> number = number_of(sequence);
  if (!number) return {};
  entry& request = at(*number);
  const answer found{*number, when - request.when, request.is_answered};
  if (request.is_answered) {
    ++duplicates_;
  } else {
    times_.add(found.round_trip);
  }
  request.is_answered = true;
  request.is_waiting = false;
  return found;
}

std::optional<std::uint64_t> echo_ledger::failed(std::uint16_t sequence) {
  ++errors_;
  const std::optional<std::uint64_t> number = number_of(sequence);
  if (number) at(*number).is_waiting = false;
  return number;
}

std::optional<echo_ledger::waiting> echo_ledger::oldest_waiting() noexcept {
  settled_ = std::max(settled_, first_);
  while (settled_ <= requests() && !at(settled_).is_waiting) ++settled_;
  if (settled_ > requests()) return {};
  return waiting{settled_, at(settled_).when};
}

}  // namespace pentad::command
