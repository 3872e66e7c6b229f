// One thing that happened where a person chats, as the session learned it: in the words of the
// server and of strangers, not yet made safe to look at.
#pragma once

#include <optional>
#include <string>

#include "apps/messenger/server/moment.hpp"

namespace pentad::messenger::chat {

struct news {
  enum class kind {
    welcome,      ///< registered, with `who` as the nick
    message,      ///< `who` said `text` to `where`
    notice,       ///< the same, not to be answered
    action,       ///< `who` does `text`
    join,         ///< `who` came to `where`
    part,         ///< `who` left `where`, saying `text`
    kick,         ///< `who` was thrown out of `where`, because of `text`
    quit,         ///< `who` left the network, saying `text`
    nick,         ///< `who` is called `text` now
    topic,        ///< of `where`: `text`
    names,        ///< on `where` are `text`
    information,  ///< the server says `text`
    refusal,      ///< the server could not do something, because of `text`; `where` may be empty
    farewell,     ///< the server ends the connection, because of `text`
  };

  kind what = kind::information;
  std::string who = {};
  std::string where = {};  ///< a channel, or the nick that a message was sent to
  std::string text = {};
  bool own = false;                            ///< `who` is this person
  std::optional<wall_time> at = std::nullopt;  ///< when, by the server's clock
};

}  // namespace pentad::messenger::chat
