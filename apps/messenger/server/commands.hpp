// The commands that clients can give, one function each, in one file for each group of them.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "apps/messenger/irc/message.hpp"
#include "apps/messenger/server/machine_work.hpp"

namespace pentad::messenger {

class channel;
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
  bool for_operators = false;        ///< of the server, else ERR_NOPRIVILEGES
};

/// All of them, in alphabetical order.
std::span<const command> commands() noexcept;

/// The command of that name, in any case, or null.
const command* find_command(std::string_view name) noexcept;

// capabilities.cpp
void handle_cap(network& net, client& from, const irc::message& what);

// channels.cpp
void handle_join(network& net, client& from, const irc::message& what);
void handle_part(network& net, client& from, const irc::message& what);
void handle_rename(network& net, client& from, const irc::message& what);
void handle_topic(network& net, client& from, const irc::message& what);

// modes.cpp
void handle_mode(network& net, client& from, const irc::message& what);

// channel_modes.cpp
void handle_channel_mode(network& net, client& from, const irc::message& what);

// greeting.cpp
void handle_lusers(network& net, client& from, const irc::message& what);
void handle_motd(network& net, client& from, const irc::message& what);

/// What a client is told once it is registered.
void greet(network& net, client& to);

/// Tells the features of the server (RPL_ISUPPORT).
void tell_features(network& net, client& to);

// help.cpp
void handle_help(network& net, client& from, const irc::message& what);

// listing.cpp
void handle_list(network& net, client& from, const irc::message& what);

// messages.cpp
void handle_privmsg(network& net, client& from, const irc::message& what);
void handle_notice(network& net, client& from, const irc::message& what);
void handle_tagmsg(network& net, client& from, const irc::message& what);

// gateways.cpp
void handle_webirc(network& net, client& from, const irc::message& what);

// klines.cpp
void handle_kline(network& net, client& from, const irc::message& what);
void handle_unkline(network& net, client& from, const irc::message& what);

/// The bans are on the disk, or are not: answers those who wait for that.
void answer_about_bans(network& net, std::error_code failed);

// moderation.cpp
void handle_invite(network& net, client& from, const irc::message& what);
void handle_kick(network& net, client& from, const irc::message& what);

// monitoring.cpp
void handle_monitor(network& net, client& from, const irc::message& what);

// names.cpp
void handle_names(network& net, client& from, const irc::message& what);

/// What JOIN and NAMES tell about a channel's members.
void tell_names(network& net, client& to, const channel& where);

// operators.cpp
void handle_chghost(network& net, client& from, const irc::message& what);
void handle_connect(network& net, client& from, const irc::message& what);
void handle_kill(network& net, client& from, const irc::message& what);
void handle_oper(network& net, client& from, const irc::message& what);
void handle_squit(network& net, client& from, const irc::message& what);
void handle_wallops(network& net, client& from, const irc::message& what);

// presence.cpp
void handle_away(network& net, client& from, const irc::message& what);
void handle_ison(network& net, client& from, const irc::message& what);
void handle_userhost(network& net, client& from, const irc::message& what);

// redaction.cpp
void handle_redact(network& net, client& from, const irc::message& what);

// registration.cpp
void handle_pass(network& net, client& from, const irc::message& what);
void handle_nick(network& net, client& from, const irc::message& what);
void handle_user(network& net, client& from, const irc::message& what);
void handle_ping(network& net, client& from, const irc::message& what);
void handle_pong(network& net, client& from, const irc::message& what);
void handle_quit(network& net, client& from, const irc::message& what);
void handle_setname(network& net, client& from, const irc::message& what);

/// Completes the registration of a client that has given all that it takes.
void try_to_admit(network& net, client& who);

// rehash.cpp
void handle_rehash(network& net, client& from, const irc::message& what);

/// It has been read again: answers those who asked for it.
void answer_about_reload(network& net, const reload_outcome& changes);

// server_queries.cpp
void handle_admin(network& net, client& from, const irc::message& what);
void handle_info(network& net, client& from, const irc::message& what);
void handle_links(network& net, client& from, const irc::message& what);
void handle_time(network& net, client& from, const irc::message& what);
void handle_version(network& net, client& from, const irc::message& what);

/// Whether this server is asked: by its name, by somebody who is on it, or by nothing. Says so when
/// it is not.
bool is_asked(network& net, client& from, std::string_view target);

// stats.cpp
void handle_stats(network& net, client& from, const irc::message& what);

// user_modes.cpp
void handle_user_mode(network& net, client& from, const irc::message& what);

// who.cpp
void handle_who(network& net, client& from, const irc::message& what);

// whois.cpp
void handle_whois(network& net, client& from, const irc::message& what);
void handle_whowas(network& net, client& from, const irc::message& what);

}  // namespace pentad::messenger
