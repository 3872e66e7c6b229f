#include "pentad/stack/traced_messages.hpp"

#include <algorithm>

namespace pentad {
namespace {

// The first time counts: what passes again was sent again.
void note(hop_times& times, passed_hop hop, wall_time when) noexcept {
  std::optional<wall_time>& noted =
      hop == passed_hop::scheduled ? times.scheduled : times.transmitted;
  if (!noted) noted = when;
}

}  // namespace

void traced_messages::given(std::uint64_t begin, std::uint64_t number, wall_time when) {
  if (waiting_.size() == most) waiting_.pop_front();
  outgoing& made = waiting_.emplace_back();
  made.number = number;
  made.times.given = when;
  made.begin = begin;
}

void traced_messages::cut_short(std::uint64_t number) noexcept {
  if (waiting_.empty() || waiting_.back().number <= number) return;
  if (waiting_.back().begin >= number) {
    waiting_.pop_back();
  } else {
    waiting_.back().number = number;
  }
}

void traced_messages::passed(std::uint32_t position, passed_hop hop, wall_time when) {
  const auto found = std::ranges::find_if(waiting_, [=](const outgoing& each) {
    return static_cast<std::uint32_t>(each.number) == position;
  });
  if (found == waiting_.end()) return;
  note(found->times, hop, when);
  if (hop != passed_hop::transmitted) return;
  complete(*found);
  waiting_.erase(found);
}

void traced_messages::passed_up_to(std::uint32_t position, passed_hop hop,
                                   wall_time when) noexcept {
  for (outgoing& each : waiting_) {
    const std::uint32_t behind = position - static_cast<std::uint32_t>(each.number);
    if (static_cast<std::int32_t>(behind) < 0) return;
    note(each.times, hop, when);
  }
}

void traced_messages::acknowledged(std::uint64_t number, wall_time when) {
  while (!waiting_.empty() && waiting_.front().number <= number) {
    waiting_.front().times.acknowledged = when;
    complete(waiting_.front());
    waiting_.pop_front();
  }
}

void traced_messages::complete(const sent_message& message) {
  if (complete_.size() == most) complete_.pop_front();
  complete_.push_back(message);
  last_ = message.times;
}

std::optional<sent_message> traced_messages::pop() noexcept {
  if (complete_.empty()) return {};
  const sent_message oldest = complete_.front();
  complete_.pop_front();
  return oldest;
}

}  // namespace pentad
