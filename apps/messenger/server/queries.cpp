// WHO, WHOIS: who is there.

#include <chrono>
#include <string>

#include "apps/messenger/irc/casemapping.hpp"
#include "apps/messenger/irc/mask.hpp"
#include "apps/messenger/irc/names.hpp"
#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/network.hpp"
#include "apps/messenger/server/visibility.hpp"
#include "apps/messenger/server/words.hpp"

namespace pentad::messenger {
namespace {

/// `where` is null when the answer is about no channel.
void tell_who(network& net, client& to, const client& about, const channel* where,
              member_rank rank = {}) {
  const std::string flags = "H" + std::string{rank.prefix()};
  net.reply(
      to, irc::rpl_whoreply,
      {where == nullptr ? std::string_view{"*"} : std::string_view{where->name()}, about.self.user,
       about.self.host, net.settings().name, about.self.nick, flags, "0 " + about.self.real_name});
}

void who_is_on(network& net, client& from, const channel& where) {
  const bool inside = where.find(from) != nullptr;
  for (const member& one : where.members()) {
    if (inside || !one.who->invisible) tell_who(net, from, *one.who, &where, one.rank);
  }
}

void who_fits(network& net, client& from, std::string_view mask) {
  std::size_t left = limits::who_replies;
  for (const auto& one : net.clients()) {
    if (left == 0) return;
    if (!one->registered() || !sees(from, *one)) continue;
    const identity& who = one->self;
    if (irc::matches_mask(mask, who.nick) || irc::matches_mask(mask, who.user) ||
        irc::matches_mask(mask, who.host) || irc::matches_mask(mask, who.real_name)) {
      tell_who(net, from, *one, nullptr);
      --left;
    }
  }
}

void tell_channels(network& net, client& to, const client& about) {
  if (!sees(to, about)) return;
  const std::size_t room = net.room_in_reply(to, {about.self.nick});
  std::string list;
  const auto tell = [&] {
    if (!list.empty()) net.reply(to, irc::rpl_whoischannels, {about.self.nick, list});
    list.clear();
  };
  for (const seat& one : about.seats) {
    if (!sees(to, *one.where)) continue;
    const std::string_view prefix = one.where->find(about)->rank.prefix();
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
  net.reply(to, irc::rpl_whoisidle, {who.nick, decimal{idle.count()}, decimal{since.count()}});
}

}  // namespace

void handle_who(network& net, client& from, const irc::message& what) {
  const std::string_view given = what.parameters.get(0);
  const std::string_view mask = given.empty() ? std::string_view{"*"} : given;
  if (irc::names_channel(mask)) {
    const channel* where = net.find_channel(mask);
    if (where != nullptr && sees(from, *where)) who_is_on(net, from, *where);
  } else if (irc::is_mask(mask)) {
    who_fits(net, from, mask);
  } else if (const client* one = net.find_person(mask)) {
    tell_who(net, from, *one, nullptr);
  }
  net.reply(from, irc::rpl_endofwho, {mask});
}

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

}  // namespace pentad::messenger
