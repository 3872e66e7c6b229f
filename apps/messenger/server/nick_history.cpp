#include "apps/messenger/server/nick_history.hpp"

#include <algorithm>

namespace pentad::messenger {

void nick_history::add(const identity& who, wall_time until) {
  const std::array<std::string_view, 4> parts{who.nick, who.user, who.host, who.real_name};
  entry added{next_, {}, until};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    added.sizes[i] = static_cast<std::uint16_t>(parts[i].size());
  }
  const bool wraps = added.end() > texts_.size();
  if (wraps) added.start = 0;
  if (added.end() > texts_.size()) return;  // larger than all that is kept
  // Around the end, those go first that the last round left behind it.
  const auto in_the_way = [&](const entry& one) {
    return wraps ? one.start >= next_ || one.start < added.end()
                 : one.start < added.end() && added.start < one.end();
  };
  while (oldest_ < added_ &&
         (added_ - oldest_ == entries_.size() || in_the_way(entries_[oldest_ % entries_.size()]))) {
    ++oldest_;
  }
  auto end = texts_.begin() + static_cast<std::ptrdiff_t>(added.start);
  for (const std::string_view part : parts) end = std::ranges::copy(part, end).out;
  entries_[added_++ % entries_.size()] = added;
  next_ = added.end();
}

past_identity nick_history::at(std::uint64_t number) const noexcept {
  const entry& found = entries_[number % entries_.size()];
  std::string_view rest{texts_.data() + found.start, found.end() - found.start};
  const auto take = [&](std::size_t size) {
    const std::string_view part = rest.substr(0, size);
    rest.remove_prefix(size);
    return part;
  };
  past_identity out;
  out.nick = take(found.sizes[0]);
  out.user = take(found.sizes[1]);
  out.host = take(found.sizes[2]);
  out.real_name = take(found.sizes[3]);
  out.until = found.until;
  return out;
}

}  // namespace pentad::messenger
