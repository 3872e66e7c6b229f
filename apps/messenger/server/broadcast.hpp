// One line on its way to many clients: written once for each form that their capabilities ask for,
// however many they are.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "apps/messenger/irc/capability.hpp"
#include "apps/messenger/server/moment.hpp"
#include "apps/messenger/server/shared_line.hpp"

namespace pentad::messenger {

class broadcast {
 public:
  /// `line` has no tags and ends with CR LF; both texts must stay as long as the broadcast.
  broadcast(std::string_view line, wall_time at, std::string_view client_tags = {}) noexcept
      : line_(line), client_tags_(client_tags), at_(at) {}

  /// The line as a client with these capabilities gets it.
  const shared_line& form_for(irc::capability_set capabilities);

 private:
  void write(shared_line& form, bool with_time, bool with_tags) const;

  std::string_view line_;
  std::string_view client_tags_;
  wall_time at_;
  std::array<shared_line, 4> forms_;  // with or without time, with or without client-only tags
};

/// Appends the value of a `time` tag (IRCv3 "server-time"): `2011-10-19T16:40:51.620Z`.
void append_server_time(std::string& out, wall_time at);

}  // namespace pentad::messenger
