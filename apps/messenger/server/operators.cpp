// OPER, KILL, WALLOPS, CHGHOST, CONNECT, SQUIT: what the server's operators can do.

#include <algorithm>
#include <string>

#include "apps/messenger/irc/casemapping.hpp"
#include "apps/messenger/irc/names.hpp"
#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/network.hpp"
#include "apps/messenger/server/words.hpp"
#include "pentad/base/utf8.hpp"

namespace pentad::messenger {
namespace {

bool is_host(std::string_view host) noexcept {
  return !host.empty() && host.size() <= limits::host_length && host.front() != ':' &&
         std::ranges::none_of(host, [](char c) {
           return static_cast<unsigned char>(c) <= 0x20 || c == '!' || c == '@' || c == 0x7f;
         });
}

}  // namespace

void handle_oper(network& net, client& from, const irc::message& what) {
  const auto& logins = net.settings().operators;
  const auto found = std::ranges::find(logins, what.parameters[0], &operator_login::name);
  const auto refuse = [&](const irc::numeric& why) {
    net.door().audit_login(from, what.parameters[0], false, net.now());
    net.reply(from, why);
  };
  if (found != logins.end() && !server_bans::fits(found->host, suspect_of(from))) {
    return refuse(irc::err_nooperhost);
  }
  if (found == logins.end() || found->password.empty() ||
      !same_secret(found->password, what.parameters[1])) {
    return refuse(irc::err_passwdmismatch);
  }
  net.door().audit_login(from, found->name, true, net.now());
  net.reply(from, irc::rpl_youreoper);
  if (from.oper) return;
  net.set_oper(from, true);
  irc::line_writer line = net.begin_line();
  line.source(net.settings().name).command("MODE").parameter(from.self.nick).text("+o");
  net.send(from, net.end_line(line));
}

void handle_kill(network& net, client& from, const irc::message& what) {
  const std::string_view nick = what.parameters[0];
  client* who = net.find_person(nick);
  if (who == nullptr) {
    const bool server = irc::same_name(nick, net.settings().name);
    if (server) return net.reply(from, irc::err_cantkillserver);
    return net.reply(from, irc::err_nosuchnick, {nick});
  }
  const std::string_view given = truncated_utf8(what.parameters.get(1), limits::kick_length);
  const std::string reason{given.empty() ? std::string_view{"No reason given"} : given};
  irc::line_writer line = net.begin_line();
  line.source(from.self.source).command("KILL").parameter(who->self.nick).text(reason);
  net.send(*who, net.end_line(line));
  net.drop(*who, "Killed (" + from.self.nick + " (" + reason + "))");
}

void handle_wallops(network& net, client& from, const irc::message& what) {
  if (what.parameters[0].empty()) return net.reply(from, irc::err_needmoreparams, {"WALLOPS"});
  irc::line_writer line = net.begin_line();
  line.source(from.self.source).command("WALLOPS").text(what.parameters[0]);
  broadcast news = net.sent_by(from, net.end_line(line));
  for (const auto& one : net.clients()) {
    if (one->registered() && (one->wallops || one.get() == &from)) net.deliver(*one, news);
  }
}

void handle_chghost(network& net, client& from, const irc::message& what) {
  const std::string_view nick = what.parameters[0];
  client* who = net.find_person(nick);
  if (who == nullptr) return net.reply(from, irc::err_nosuchnick, {nick});
  const std::string_view user = what.parameters[1];
  const std::string_view host = what.parameters[2];
  if (!irc::is_user_name(user) || user.size() > limits::user_length) {
    return net.reply(from, irc::err_invalidusername);
  }
  if (!is_host(host)) {
    return net.fail(from, "CHGHOST", "INVALID_HOST", {host}, "Host name is not valid");
  }
  net.set_user_host(*who, user, host);
}

// There is one server: no other is known to link with, and none is linked.

void handle_connect(network& net, client& from, const irc::message& what) {
  net.reply(from, irc::err_nosuchserver, {what.parameters[0]});
}

void handle_squit(network& net, client& from, const irc::message& what) {
  net.reply(from, irc::err_nosuchserver, {what.parameters[0]});
}

}  // namespace pentad::messenger
