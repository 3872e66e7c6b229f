// Who had which nick, for WHOWAS: the last so many who gave one up, in memory of a fixed size.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "apps/messenger/irc/casemapping.hpp"
#include "apps/messenger/server/identity.hpp"
#include "apps/messenger/server/moment.hpp"

namespace pentad::messenger {

struct past_identity {
  std::string_view nick;
  std::string_view user;
  std::string_view host;
  std::string_view real_name;
  wall_time until;
};

/// One block for the texts, used in a circle: small pieces that stay for long, between those of
/// clients who come and go, would keep the heap from shrinking.
class nick_history {
 public:
  explicit nick_history(std::size_t capacity) : texts_(capacity * bytes_each), entries_(capacity) {}

  void add(const identity& who, wall_time until);

  /// Calls `tell` for those who had the nick, the last first, `most` at most. Returns how many
  /// there were.
  std::size_t visit(std::string_view nick, std::size_t most, auto tell) const {
    std::size_t told = 0;
    for (std::uint64_t number = added_; number > oldest_ && told < most; --number) {
      const past_identity one = at(number - 1);
      if (!irc::same_name(one.nick, nick)) continue;
      tell(one);
      ++told;
    }
    return told;
  }

 private:
  static constexpr std::size_t bytes_each = 128;

  struct entry {
    std::size_t start;
    std::array<std::uint16_t, 4> sizes;
    wall_time until;

    std::size_t end() const noexcept { return start + sizes[0] + sizes[1] + sizes[2] + sizes[3]; }
  };

  past_identity at(std::uint64_t number) const noexcept;

  std::vector<char> texts_;
  std::vector<entry> entries_;  // in a circle too
  std::uint64_t added_ = 0;
  std::uint64_t oldest_ = 0;  // of those that are still there
  std::size_t next_ = 0;      // where the next text begins
};

}  // namespace pentad::messenger
