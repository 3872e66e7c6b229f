// Who had which nick, for WHOWAS: the last so many who gave one up.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "apps/messenger/irc/casemapping.hpp"
#include "apps/messenger/server/identity.hpp"
#include "apps/messenger/server/moment.hpp"

namespace pentad::messenger {

struct past_identity {
  identity who;
  wall_time until;
};

class nick_history {
 public:
  explicit nick_history(std::size_t capacity) : capacity_(capacity) {}

  void add(past_identity added) {
    if (all_.size() < capacity_) {
      all_.push_back(std::move(added));
    } else {
      all_[next_] = std::move(added);
    }
    next_ = (next_ + 1) % capacity_;
  }

  /// Calls `tell` for those who had the nick, the last first, `most` at most. Returns how many
  /// there were.
  std::size_t visit(std::string_view nick, std::size_t most, auto tell) const {
    std::size_t told = 0;
    for (std::size_t i = 0; i < all_.size() && told < most; ++i) {
      const past_identity& one = all_[(next_ + all_.size() - 1 - i) % all_.size()];
      if (!irc::same_name(one.who.nick, nick)) continue;
      tell(one);
      ++told;
    }
    return told;
  }

 private:
  std::size_t capacity_;
  std::vector<past_identity> all_;
  std::size_t next_ = 0;  // where the next one goes
};

}  // namespace pentad::messenger
