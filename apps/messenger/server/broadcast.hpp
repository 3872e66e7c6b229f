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

/// What a line carries for those who asked for it (IRCv3 "Message Tags").
struct line_tags {
  std::string_view account = {};      ///< of who sent it; empty: none
  bool bot = false;                   ///< a bot sent it
  std::string_view id = {};           ///< msgid
  std::string_view client_only = {};  ///< as they were sent
};

class broadcast {
 public:
  /// `line` has no tags and ends with CR LF; all texts must stay as long as the broadcast.
  broadcast(std::string_view line, wall_time at, const line_tags& tags = {}) noexcept
      : line_(line), tags_(tags), at_(at) {}

  /// The line as a client with these capabilities gets it.
  const shared_line& form_for(irc::capability_set capabilities);

 private:
  void write(shared_line& form, bool with_time, bool with_account, bool with_tags) const;
  bool has_tags() const noexcept {
    return tags_.bot || !tags_.id.empty() || !tags_.client_only.empty();
  }

  std::string_view line_;
  line_tags tags_;
  wall_time at_;
  std::array<shared_line, 8> forms_;  // with or without time, account, and all other tags
};

/// Appends the value of a `time` tag (IRCv3 "server-time"): `2011-10-19T16:40:51.620Z`.
void append_server_time(std::string& out, wall_time at);

}  // namespace pentad::messenger
