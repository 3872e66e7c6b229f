// AWAY, ISON, USERHOST: who is here, and who is only connected.

#include <string>

#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/network.hpp"
#include "apps/messenger/server/words.hpp"
#include "pentad/base/utf8.hpp"

namespace pentad::messenger {

void handle_away(network& net, client& from, const irc::message& what) {
  const std::string_view reason = truncated_utf8(what.parameters.get(0), limits::away_length);
  const bool news = reason != from.away;
  from.away = reason;
  net.reply(from, from.away.empty() ? irc::rpl_unaway : irc::rpl_nowaway);
  if (!news) return;
  irc::line_writer line = net.begin_line();
  line.source(from.self.source).command("AWAY");
  if (!from.away.empty()) line.text(from.away);
  broadcast change = net.sent_by(from, net.end_line(line));
  net.deliver_to_observers(from, irc::capability::away_notify, change);
}

void handle_ison(network& net, client& from, const irc::message& what) {
  const std::size_t room = net.room_in_reply(from, {});
  std::string there;
  for (std::string_view nicks : what.parameters) {
    while (const std::optional<std::string_view> nick = next_item(nicks, ' ')) {
      const client* one = net.find_person(*nick);
      if (one == nullptr) continue;
      if (there.size() + 1 + one->self.nick.size() > room) break;
      there.append(there.empty() ? "" : " ").append(one->self.nick);
    }
  }
  net.reply(from, irc::rpl_ison, {there});
}

void handle_userhost(network& net, client& from, const irc::message& what) {
  std::string found;
  std::size_t left = limits::userhost_replies;
  for (const std::string_view nick : what.parameters) {
    if (left-- == 0) break;
    const client* one = net.find_person(nick);
    if (one == nullptr) continue;
    found.append(found.empty() ? "" : " ").append(one->self.nick).append(one->oper ? "*" : "");
    found.append("=").append(one->away.empty() ? "+" : "-");
    found.append(one->self.user).append("@").append(one->self.host);
  }
  net.reply(from, irc::rpl_userhost, {found});
}

}  // namespace pentad::messenger
