#include "apps/messenger/server/channel.hpp"

#include <algorithm>

#include "apps/messenger/server/client.hpp"

namespace pentad::messenger {

member* channel::find(const client& who) noexcept {
  const auto found = std::ranges::find(who.seats, this, &seat::where);
  return found == who.seats.end() ? nullptr : &members_[found->position];
}

const member* channel::find(const client& who) const noexcept {
  return const_cast<channel*>(this)->find(who);
}

void channel::add(client& who, member_rank rank) {
  who.seats.push_back({this, members_.size()});
  members_.push_back({&who, rank});
}

void channel::remove(client& who) noexcept {
  const auto left = std::ranges::find(who.seats, this, &seat::where);
  const std::size_t gap = left->position;
  // The last member takes the free place.
  members_[gap] = members_.back();
  members_.pop_back();
  if (gap < members_.size()) {
    std::ranges::find(members_[gap].who->seats, this, &seat::where)->position = gap;
  }
  *left = who.seats.back();
  who.seats.pop_back();
}

}  // namespace pentad::messenger
