// One of a channel's lists of masks: bans and exceptions from them, people who need no invitation.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apps/messenger/irc/casemapping.hpp"
#include "apps/messenger/irc/mask.hpp"
#include "apps/messenger/server/moment.hpp"

namespace pentad::messenger {

struct listed_mask {
  std::string mask;  ///< `nick!user@host` with wildcards
  std::string set_by;
  wall_time set_at;
};

class mask_list {
 public:
  /// False when it is there already.
  bool add(listed_mask added) {
    if (find(added.mask) != all_.end()) return false;
    all_.push_back(std::move(added));
    return true;
  }

  /// The mask as it stood on the list; none when it did not.
  std::optional<std::string> remove(std::string_view mask) {
    const auto found = find(mask);
    if (found == all_.end()) return std::nullopt;
    std::string removed = found->mask;
    all_.erase(found);
    return removed;
  }

  /// Whether a mask fits `source`, which is `nick!user@host`.
  bool fits(std::string_view source) const noexcept {
    return std::ranges::any_of(
        all_, [&](const listed_mask& one) { return irc::matches_mask(one.mask, source); });
  }

  std::span<const listed_mask> all() const noexcept { return all_; }

 private:
  std::vector<listed_mask>::const_iterator find(std::string_view mask) const noexcept {
    return std::ranges::find_if(
        all_, [&](const listed_mask& one) { return irc::same_name(one.mask, mask); });
  }

  std::vector<listed_mask> all_;
};

}  // namespace pentad::messenger
