// ADMIN, INFO, LINKS, TIME, VERSION: about the server itself.

#include <string>

#include "apps/messenger/irc/mask.hpp"
#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/network.hpp"
#include "apps/messenger/server/version.hpp"
#include "apps/messenger/server/words.hpp"

namespace pentad::messenger {

bool is_asked(network& net, client& from, std::string_view target) {
  if (target.empty() || irc::matches_mask(target, net.settings().name)) return true;
  if (net.find_person(target) != nullptr) return true;
  net.reply(from, irc::err_nosuchserver, {target});
  return false;
}

void handle_admin(network& net, client& from, const irc::message& what) {
  if (!is_asked(net, from, what.parameters.get(0))) return;
  const std::vector<std::string>& admin = net.settings().admin;
  if (admin.empty()) return net.reply(from, irc::err_noadmininfo, {net.settings().name});
  const auto line = [&](std::size_t index) {
    return index < admin.size() ? std::string_view{admin[index]} : std::string_view{};
  };
  net.reply(from, irc::rpl_adminme, {net.settings().name});
  net.reply(from, irc::rpl_adminloc1, {line(0)});
  net.reply(from, irc::rpl_adminloc2, {line(1)});
  net.reply(from, irc::rpl_adminemail, {line(2)});
}

void handle_info(network& net, client& from, const irc::message& what) {
  if (!is_asked(net, from, what.parameters.get(0))) return;
  std::string started;
  append_server_time(started, net.started().wall);
  net.reply(from, irc::rpl_info, {std::string{server_version} + ", the messenger of Pentad"});
  net.reply(from, irc::rpl_info, {net.settings().description});
  net.reply(from, irc::rpl_info, {"Running since " + started});
  net.reply(from, irc::rpl_endofinfo);
}

void handle_links(network& net, client& from, const irc::message&) {
  net.reply(from, irc::rpl_links, {"*", net.settings().name, "0 " + net.settings().description});
  net.reply(from, irc::rpl_endoflinks, {"*"});
}

void handle_time(network& net, client& from, const irc::message& what) {
  if (!is_asked(net, from, what.parameters.get(0))) return;
  std::string now;
  append_server_time(now, net.now().wall);
  net.reply(from, irc::rpl_time,
            {net.settings().name, decimal{whole_seconds(net.now().wall).time_since_epoch().count()},
             "0", now});
}

void handle_version(network& net, client& from, const irc::message& what) {
  if (!is_asked(net, from, what.parameters.get(0))) return;
  net.reply(from, irc::rpl_version,
            {server_version, net.settings().name, net.settings().description});
  tell_features(net, from);
}

}  // namespace pentad::messenger
