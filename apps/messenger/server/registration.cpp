// PASS, NICK, USER, SETNAME, PING, PONG, QUIT: coming, staying and going.

#include "apps/messenger/irc/names.hpp"
#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/network.hpp"
#include "apps/messenger/server/words.hpp"
#include "pentad/base/utf8.hpp"

namespace pentad::messenger {

void handle_pass(network& net, client& from, const irc::message& what) {
  if (from.registered()) return net.reply(from, irc::err_alreadyregistered);
  from.password = what.parameters[0];
}

void handle_nick(network& net, client& from, const irc::message& what) {
  const std::string_view nick = what.parameters.get(0);
  if (nick.empty()) return net.reply(from, irc::err_nonicknamegiven);
  if (!irc::is_nick(nick, net.limit().nick_length)) {
    return net.reply(from, irc::err_erroneusnickname, {nick});
  }
  if (nick == from.self.nick) return;
  if (from.registered() && !net.door().lets_rename(from, net.now())) {
    return net.reply(from, irc::err_nicktoofast, {nick});
  }
  const std::string source = from.self.source;
  if (!net.take_nick(from, nick)) return net.reply(from, irc::err_nicknameinuse, {nick});
  if (!from.registered()) return try_to_admit(net, from);

  irc::line_writer line = net.begin_line();
  line.source(source).command("NICK").text(nick);
  broadcast change = net.sent_by(from, net.end_line(line));
  net.deliver(from, change);
  net.deliver_to_neighbours(from, change);
}

void handle_user(network& net, client& from, const irc::message& what) {
  if (from.registered()) return net.reply(from, irc::err_alreadyregistered);
  const std::string_view user = what.parameters[0];
  if (user.empty()) return net.reply(from, irc::err_needmoreparams, {what.command});
  if (!irc::is_user_name(user)) return net.reply(from, irc::err_invalidusername);
  from.self.user = truncated_utf8(user, limits::user_length);
  from.self.real_name = truncated_utf8(what.parameters[3], limits::real_name_length);
  try_to_admit(net, from);
}

void handle_setname(network& net, client& from, const irc::message& what) {
  const std::string_view name = what.parameters[0];
  if (name.empty() || name.size() > limits::real_name_length) {
    return net.fail(from, "SETNAME", "INVALID_REALNAME", {}, "Realname is not valid");
  }
  from.self.real_name = name;
  irc::line_writer line = net.begin_line();
  line.source(from.self.source).command("SETNAME").text(name);
  broadcast change = net.sent_by(from, net.end_line(line));
  if (from.capabilities.has(irc::capability::setname)) net.deliver(from, change);
  net.deliver_to_observers(from, irc::capability::setname, change);
}

void try_to_admit(network& net, client& who) {
  if (who.registered() || who.negotiating) return;
  if (who.self.nick.empty() || who.self.user.empty()) return;
  const std::string& password = net.settings().password;
  if (!password.empty() && !same_secret(password, who.password)) {
    net.reply(who, irc::err_passwdmismatch);
    return net.drop(who, "Password incorrect");
  }
  if (const server_ban* ban = net.door().ban_on(who, net.now())) {
    net.reply(who, irc::err_yourebannedcreep);
    return net.drop(who, "Banned: " + ban->reason);
  }
  net.admit(who);
  greet(net, who);
}

void handle_ping(network& net, client& from, const irc::message& what) {
  const std::string_view token = what.parameters[0];
  if (token.empty()) return net.reply(from, irc::err_noorigin);
  irc::line_writer line = net.begin_line();
  line.source(net.settings().name).command("PONG").parameter(net.settings().name).text(token);
  net.send(from, net.end_line(line));
}

void handle_pong(network&, client&, const irc::message&) {
  // That it was heard is all there is to it.
}

void handle_quit(network& net, client& from, const irc::message& what) {
  net.drop(from, "Quit: " + std::string{what.parameters.get(0)});
}

}  // namespace pentad::messenger
