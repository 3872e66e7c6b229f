#include "pentad/stack/kernel/sent_times.hpp"

#include <algorithm>

namespace pentad::kernel {

void sent_times::given(std::uint64_t number, wall_time when) {
  if (waiting_.size() == most) waiting_.pop_front();
  waiting_.push_back({number, {.given = when}});
}

void sent_times::add(std::uint32_t low, stamp what, wall_time when) noexcept {
  const auto found = std::ranges::find_if(waiting_, [=](const sent_message& each) {
    return static_cast<std::uint32_t>(each.number) == low;
  });
  if (found == waiting_.end()) return;
  switch (what) {
    case stamp::scheduled:
      found->times.scheduled = when;
      break;
    case stamp::transmitted:
      found->times.transmitted = when;
      break;
    case stamp::acknowledged:
      found->times.acknowledged = when;
      break;
  }
  if (what != last_) return;
  if (complete_.size() == most) complete_.pop_front();
  complete_.push_back(*found);
  waiting_.erase(found);
}

std::optional<sent_message> sent_times::pop() noexcept {
  if (complete_.empty()) return {};
  const sent_message oldest = complete_.front();
  complete_.pop_front();
  return oldest;
}

}  // namespace pentad::kernel
