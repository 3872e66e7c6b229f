// KICK, INVITE: who must leave a channel, who may come.

#include <algorithm>
#include <string>

#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/network.hpp"
#include "apps/messenger/server/visibility.hpp"
#include "apps/messenger/server/words.hpp"
#include "pentad/base/utf8.hpp"

namespace pentad::messenger {
namespace {

void kick(network& net, client& from, channel& where, std::string_view nick,
          std::string_view reason) {
  client* who = net.find_person(nick);
  if (who == nullptr) return net.reply(from, irc::err_nosuchnick, {nick});
  if (where.find(*who) == nullptr) {
    return net.reply(from, irc::err_usernotinchannel, {who->self.nick, where.name()});
  }
  irc::line_writer line = net.begin_line();
  line.source(from.self.source).command("KICK").parameter(where.name());
  line.parameter(who->self.nick).text(reason);
  broadcast removal = net.sent_by(from, net.end_line(line));
  net.deliver(where, removal);
  net.leave(*who, where);
}

/// Those to channels that have ended are forgotten first, then the oldest.
void add_invitation(const network& net, client& who, const channel& where) {
  std::erase_if(who.invitations, [&](const invitation& one) {
    const channel* open = net.find_channel(one.name);
    return open == nullptr || open->number() != one.number || one.number == where.number();
  });
  if (who.invitations.size() >= limits::invitations) who.invitations.erase(who.invitations.begin());
  who.invitations.push_back({where.name(), where.number()});
}

void list_invitations(network& net, client& to) {
  for (const invitation& one : to.invitations) {
    const channel* open = net.find_channel(one.name);
    if (open != nullptr && open->number() == one.number) {
      net.reply(to, irc::rpl_invitelist, {open->name()});
    }
  }
  net.reply(to, irc::rpl_endofinvitelist);
}

}  // namespace

void handle_kick(network& net, client& from, const irc::message& what) {
  const std::string_view name = what.parameters[0];
  channel* where = net.find_channel(name);
  if (where == nullptr) return net.reply(from, irc::err_nosuchchannel, {name});
  const std::string given{truncated_utf8(what.parameters.get(2), limits::kick_length)};
  const std::string& reason = given.empty() ? from.self.nick : given;
  std::string_view nicks = what.parameters[1];
  for (std::size_t left = limits::targets; left > 0; --left) {
    const std::optional<std::string_view> nick = next_item(nicks);
    if (!nick) return;
    // Again for each: the last one may have been the kicker, or the last member.
    where = net.find_channel(name);
    const member* kicker = where == nullptr ? nullptr : where->find(from);
    if (kicker == nullptr) return net.reply(from, irc::err_notonchannel, {name});
    if (!kicker->rank.op) return net.reply(from, irc::err_chanoprivsneeded, {where->name()});
    kick(net, from, *where, *nick, reason);
  }
}

void handle_invite(network& net, client& from, const irc::message& what) {
  if (what.parameters.empty()) return list_invitations(net, from);
  if (what.parameters.size() < 2) return net.reply(from, irc::err_needmoreparams, {"INVITE"});
  const std::string_view nick = what.parameters[0];
  const std::string_view name = what.parameters[1];
  const channel* where = net.find_channel(name);
  if (where == nullptr) return net.reply(from, irc::err_nosuchchannel, {name});
  const member* host = where->find(from);
  if (host == nullptr) return net.reply(from, irc::err_notonchannel, {where->name()});
  if (where->modes.invite_only && !host->rank.op) {
    return net.reply(from, irc::err_chanoprivsneeded, {where->name()});
  }
  client* guest = net.find_person(nick);
  if (guest == nullptr) return net.reply(from, irc::err_nosuchnick, {nick});
  if (where->find(*guest) != nullptr) {
    return net.reply(from, irc::err_useronchannel, {guest->self.nick, where->name()});
  }
  add_invitation(net, *guest, *where);
  net.reply(from, irc::rpl_inviting, {guest->self.nick, where->name()});
  if (!guest->away.empty()) net.reply(from, irc::rpl_away, {guest->self.nick, guest->away});

  irc::line_writer line = net.begin_line();
  line.source(from.self.source).command("INVITE").parameter(guest->self.nick);
  line.text(where->name());
  broadcast news = net.sent_by(from, net.end_line(line));
  net.deliver(*guest, news);
  net.deliver(*where, irc::capability::invite_notify, news, nullptr, &from);
}

}  // namespace pentad::messenger
