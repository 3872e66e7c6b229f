// WHOIS, WHOWAS: who somebody is, or was.

#include <charconv>
#include <chrono>
#include <string>

#include "apps/messenger/irc/casemapping.hpp"
#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/hidden_address.hpp"
#include "apps/messenger/server/network.hpp"
#include "apps/messenger/server/user_modes.hpp"
#include "apps/messenger/server/visibility.hpp"
#include "apps/messenger/server/words.hpp"

namespace pentad::messenger {
namespace {

void tell_channels(network& net, client& to, const client& about) {
  if (!sees(to, about)) return;
  const bool all_ranks = to.capabilities.has(irc::capability::multi_prefix);
  const std::size_t room = net.room_in_reply(to, {about.self.nick});
  std::string list;
  const auto tell = [&] {
    if (!list.empty()) net.reply(to, irc::rpl_whoischannels, {about.self.nick, list});
    list.clear();
  };
  for (const seat& one : about.seats) {
    if (!sees(to, *one.where)) continue;
    const member_rank rank = one.where->find(about)->rank;
    const std::string_view prefix = all_ranks ? rank.prefixes() : rank.prefix();
    const std::string& name = one.where->name();
    if (list.size() + 1 + prefix.size() + name.size() > room) tell();
    list.append(list.empty() ? "" : " ").append(prefix).append(name);
  }
  tell();
}

void tell_whois(network& net, client& to, const client& about) {
  const identity& who = about.self;
  const auto idle = std::chrono::floor<std::chrono::seconds>(net.now().steady - about.last_spoke);
  const auto since = whole_seconds(about.connected_at.wall).time_since_epoch();
  net.reply(to, irc::rpl_whoisuser, {who.nick, who.user, who.host, "*", who.real_name});
  tell_channels(net, to, about);
  net.reply(to, irc::rpl_whoisserver, {who.nick, net.settings().name, net.settings().description});
  if (about.oper) net.reply(to, irc::rpl_whoisoperator, {who.nick});
  if (about.bot) {
    net.reply(to, irc::rpl_whoisbot, {who.nick, "is a Bot on " + net.settings().network});
  }
  if (about.belongs_to != nullptr) {
    net.reply(to, irc::rpl_whoisaccount, {who.nick, about.account_name()});
  }
  if (!about.away.empty()) net.reply(to, irc::rpl_away, {who.nick, about.away});
  if (&about == &to || to.oper) {
    const std::string address = hidden_address(about);
    if (!address.empty()) net.reply(to, irc::rpl_whoisactually, {who.nick, address});
    net.reply(to, irc::rpl_whoismodes, {who.nick, "is using modes " + user_mode_letters(about)});
  }
  net.reply(to, irc::rpl_whoisidle, {who.nick, decimal{idle.count()}, decimal{since.count()}});
}

}  // namespace

void handle_whois(network& net, client& from, const irc::message& what) {
  const bool with_target = what.parameters.size() > 1;
  const std::string_view nick = what.parameters.get(with_target ? 1 : 0);
  if (nick.empty()) return net.reply(from, irc::err_nonicknamegiven);
  if (with_target) {
    // The server to ask, by its name or by somebody who is on it: there is one alone.
    const std::string_view target = what.parameters[0];
    if (!irc::same_name(target, net.settings().name) && net.find_person(target) == nullptr) {
      return net.reply(from, irc::err_nosuchserver, {target});
    }
  }
  if (const client* about = net.find_person(nick)) {
    tell_whois(net, from, *about);
  } else {
    net.reply(from, irc::err_nosuchnick, {nick});
  }
  net.reply(from, irc::rpl_endofwhois, {nick});
}

void handle_whowas(network& net, client& from, const irc::message& what) {
  const std::string_view nick = what.parameters.get(0);
  if (nick.empty()) return net.reply(from, irc::err_nonicknamegiven);
  const std::string_view given = what.parameters.get(1);
  std::size_t most = 0;
  const auto read = std::from_chars(given.data(), given.data() + given.size(), most);
  if (read.ec != std::errc{} || most == 0) most = limits::past_nicks;
  const std::size_t told = net.past_nicks().visit(nick, most, [&](const past_identity& past) {
    std::string until;
    append_server_time(until, past.until);
    net.reply(from, irc::rpl_whowasuser, {past.nick, past.user, past.host, "*", past.real_name});
    net.reply(from, irc::rpl_whoisserver, {past.nick, net.settings().name, until});
  });
  if (told == 0) net.reply(from, irc::err_wasnosuchnick, {nick});
  net.reply(from, irc::rpl_endofwhowas, {nick});
}

}  // namespace pentad::messenger
