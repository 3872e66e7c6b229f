// MODE: of channels and of people (Modern IRC, "MODE message").

#include "apps/messenger/irc/names.hpp"
#include "apps/messenger/server/commands.hpp"

namespace pentad::messenger {

void handle_mode(network& net, client& from, const irc::message& what) {
  if (irc::names_channel(what.parameters[0])) {
    handle_channel_mode(net, from, what);
  } else {
    handle_user_mode(net, from, what);
  }
}

}  // namespace pentad::messenger
