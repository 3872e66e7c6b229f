// ADMIN, INFO, LINKS, STATS, TIME, VERSION: about the server itself.

#include <chrono>
#include <string>

#include "apps/messenger/irc/mask.hpp"
#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/network.hpp"
#include "apps/messenger/server/version.hpp"
#include "apps/messenger/server/words.hpp"

namespace pentad::messenger {
namespace {

/// Whether this server is asked: by its name, by somebody who is on it, or by nothing. Says so when
/// it is not.
bool is_asked(network& net, client& from, std::string_view target) {
  if (target.empty() || irc::matches_mask(target, net.settings().name)) return true;
  if (net.find_person(target) != nullptr) return true;
  net.reply(from, irc::err_nosuchserver, {target});
  return false;
}

std::string two_digits(std::int64_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

void tell_uptime(network& net, client& to) {
  const auto up =
      std::chrono::floor<std::chrono::seconds>(net.now().steady - net.started().steady).count();
  net.reply(
      to, irc::rpl_statsuptime,
      {"Server Up " + std::to_string(up / 86'400) + " days " + std::to_string(up / 3600 % 24) +
       ":" + two_digits(up / 60 % 60) + ":" + two_digits(up % 60)});
}

/// As many as there is room for.
void tell_bans(network& net, client& to) {
  for (const server_ban& ban : net.door().bans().all()) {
    if (ban.is_over(net.now().wall)) continue;
    if (!net.has_room(to)) return net.reply(to, irc::err_toomanymatches, {"STATS"});
    const std::size_t at = ban.mask.rfind('@');
    const std::string_view mask = ban.mask;
    net.reply(to, irc::rpl_statskline,
              {"K", mask.substr(at + 1), "*", mask.substr(0, at), ban.reason});
  }
}

void tell_command_uses(network& net, client& to) {
  for (std::size_t i = 0; i < net.uses().size(); ++i) {
    if (net.uses()[i] == 0) continue;
    net.reply(to, irc::rpl_statscommands, {commands()[i].name, decimal{net.uses()[i]}});
  }
}

void tell_operators(network& net, client& to) {
  for (const operator_login& one : net.settings().operators) {
    net.reply(to, irc::rpl_statsoline, {"O", one.host, "*", one.name});
  }
}

}  // namespace

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

void handle_stats(network& net, client& from, const irc::message& what) {
  if (!is_asked(net, from, what.parameters.get(1))) return;
  const std::string_view query = what.parameters[0].substr(0, 1);
  const bool for_operators = query == "k" || query == "m" || query == "o";
  if (for_operators && !from.oper) {
    net.reply(from, irc::err_noprivileges);
  } else if (query == "k") {
    tell_bans(net, from);
  } else if (query == "m") {
    tell_command_uses(net, from);
  } else if (query == "o") {
    tell_operators(net, from);
  } else if (query == "u") {
    tell_uptime(net, from);
  }
  net.reply(from, irc::rpl_endofstats, {query});
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
