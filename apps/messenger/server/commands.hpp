// The commands that clients can give, one function each, in one file for each group of them.
#pragma once

#include <cstddef>
#include <string_view>

#include "apps/messenger/irc/message.hpp"

namespace pentad::messenger {

class network;
struct client;

/// Carries out a command. The client is not closing, and is registered unless `command` says that
/// it need not be; there are at least as many parameters as `command` says.
using command_handler = void (*)(network& net, client& from, const irc::message& what);

struct command {
  std::string_view name;
  command_handler handle;
  std::size_t parameters = 0;        ///< needed, else ERR_NEEDMOREPARAMS
  bool before_registration = false;  ///< can be given then, too
};

/// The command of that name, in any case, or null.
const command* find_command(std::string_view name) noexcept;

// capabilities.cpp
void handle_cap(network& net, client& from, const irc::message& what);

// registration.cpp
void handle_pass(network& net, client& from, const irc::message& what);
void handle_nick(network& net, client& from, const irc::message& what);
void handle_user(network& net, client& from, const irc::message& what);
void handle_ping(network& net, client& from, const irc::message& what);
void handle_pong(network& net, client& from, const irc::message& what);
void handle_quit(network& net, client& from, const irc::message& what);

/// Completes the registration of a client that has given all that it takes.
void try_to_admit(network& net, client& who);

// greeting.cpp
void handle_lusers(network& net, client& from, const irc::message& what);
void handle_motd(network& net, client& from, const irc::message& what);

/// What a client is told once it is registered.
void greet(network& net, client& to);

// channels.cpp
void handle_join(network& net, client& from, const irc::message& what);
void handle_part(network& net, client& from, const irc::message& what);
void handle_topic(network& net, client& from, const irc::message& what);
void handle_names(network& net, client& from, const irc::message& what);

// modes.cpp
void handle_mode(network& net, client& from, const irc::message& what);

// messages.cpp
void handle_privmsg(network& net, client& from, const irc::message& what);
void handle_notice(network& net, client& from, const irc::message& what);
void handle_tagmsg(network& net, client& from, const irc::message& what);

// queries.cpp
void handle_who(network& net, client& from, const irc::message& what);
void handle_whois(network& net, client& from, const irc::message& what);

}  // namespace pentad::messenger
