// Who wants to know when whom comes or goes (IRCv3 "Monitor").
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "apps/messenger/server/name_table.hpp"

namespace pentad::messenger {

struct client;

/// A nick, there or not, and those who watch it.
struct watched_nick {
  std::string nick;  ///< as it was first asked for
  std::vector<client*> by;
};

/// Watching as the watcher sees it.
struct watch {
  watched_nick* whom;
  std::size_t position;  ///< of the client among those who watch
};

/// Keeps both sides of the watching, so that no step takes longer than one client's own list.
class watch_list {
 public:
  explicit watch_list(std::uint64_t seed) : nicks_(seed) {}

  /// False when the client watches the nick already.
  bool add(client& who, std::string_view nick);

  void remove(client& who, std::string_view nick) noexcept;
  void remove_all(client& who) noexcept;

  std::span<client* const> watchers(std::string_view nick) const noexcept;

  /// Of nicks that somebody watches.
  std::size_t size() const noexcept { return nicks_.size(); }

 private:
  static std::string_view nick_of(const std::unique_ptr<watched_nick>& one) noexcept {
    return one->nick;
  }

  void remove(client& who, std::size_t index) noexcept;

  name_table<std::unique_ptr<watched_nick>, nick_of> nicks_;
};

}  // namespace pentad::messenger
