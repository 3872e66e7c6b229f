// STATS (Modern IRC, "STATS message"): what the server does and for whom, a letter for each kind.
// What tells where people come from, or how the server is guarded, is for operators.

#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/hidden_address.hpp"
#include "apps/messenger/server/network.hpp"
#include "apps/messenger/server/words.hpp"

namespace pentad::messenger {
namespace {

std::string two_digits(std::int64_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

std::int64_t seconds_since(instant then, instant now) {
  return std::chrono::floor<std::chrono::seconds>(now - then).count();
}

/// Whether there is room for one more line; says so when there is none.
bool goes_on(network& net, client& to) {
  if (net.has_room(to)) return true;
  net.reply(to, irc::err_toomanymatches, {"STATS"});
  return false;
}

void tell_classes(network& net, client& to) {
  net.reply(to, irc::rpl_statsiline, {"I", "*@*", "*", "*@*", "0", "clients"});
  const auto tell = [&](const ip_network& network, std::string_view class_name) {
    const std::string mask = "*@" + to_string(network);
    net.reply(to, irc::rpl_statsiline, {"I", mask, "*", mask, "0", class_name});
  };
  for (const ip_network& each : net.settings().exempt) tell(each, "exempt");
  for (const gateway& one : net.settings().gateways) {
    for (const ip_network& each : one.networks) tell(each, "gateways");
  }
}

void tell_class_limits(network& net, client& to) {
  const decimal ping_frequency{net.limit().ping_timeout.count() / 2};
  const decimal send_queue{net.limit().send_queue};
  for (const std::string_view each : {"clients", "exempt", "gateways"}) {
    net.reply(to, irc::rpl_statsyline, {"Y", each, ping_frequency, "0", send_queue});
  }
}

void tell_bans(network& net, client& to) {
  for (const server_ban& ban : net.door().bans().all()) {
    if (ban.is_over(net.now().wall)) continue;
    if (!goes_on(net, to)) return;
    const std::size_t at = ban.mask.rfind('@');
    const std::string_view mask = ban.mask;
    net.reply(to, irc::rpl_statskline,
              {"K", mask.substr(at + 1), "*", mask.substr(0, at), ban.reason});
  }
}

void tell_connection(network& net, client& to, const client& about, bool with_address) {
  const std::string address = with_address ? hidden_address(about) : std::string{};
  const std::string_view user = about.self.user.empty() ? "*" : std::string_view{about.self.user};
  const std::string link = std::string{about.name()} + "[" + std::string{user} + "@" +
                           (address.empty() ? about.self.host : address) + "]";
  const traffic sent = about.output.sent();
  net.reply(to, irc::rpl_statslinkinfo,
            {link, decimal{about.output.bytes()}, decimal{sent.messages}, decimal{sent.bytes},
             decimal{about.heard.messages}, decimal{about.heard.bytes},
             decimal{seconds_since(about.connected_at.steady, net.now().steady)}});
}

/// All of them for operators, else one's own.
void tell_connections(network& net, client& to, bool with_address) {
  if (!to.oper) return tell_connection(net, to, to, with_address);
  for (const auto& one : net.clients()) {
    if (one->closing()) continue;
    if (!goes_on(net, to)) return;
    tell_connection(net, to, *one, with_address);
  }
}

void tell_hosts(network& net, client& to) { tell_connections(net, to, false); }
void tell_addresses(network& net, client& to) { tell_connections(net, to, true); }

void tell_command_uses(network& net, client& to) {
  for (std::size_t i = 0; i < net.uses().size(); ++i) {
    if (net.uses()[i] == 0) continue;
    net.reply(to, irc::rpl_statscommands, {commands()[i].name, decimal{net.uses()[i]}});
  }
}

void tell_logins(network& net, client& to) {
  for (const operator_login& one : net.settings().operators) {
    net.reply(to, irc::rpl_statsoline, {"O", one.host, "*", one.name});
  }
}

void tell_operators_here(network& net, client& to) {
  for (const auto& one : net.clients()) {
    if (!one->registered() || !one->oper) continue;
    const std::int64_t idle = seconds_since(one->last_spoke, net.now().steady);
    net.reply(to, irc::rpl_statsdebug,
              {"p", one->self.nick + " (" + one->self.user + "@" + one->self.host +
                        ") Idle: " + std::to_string(idle)});
  }
  net.reply(to, irc::rpl_statsdebug,
            {"p", std::to_string(net.count().operators) + " operator(s) online"});
}

void tell_ports(network& net, client& to) {
  for (const std::string_view each : net.settings().listen) {
    const std::size_t colon = each.rfind(':');
    if (colon == each.npos) continue;
    net.reply(to, irc::rpl_statspline,
              {"P", each.substr(colon + 1), each.substr(0, colon), "*", "listening"});
  }
}

void tell_traffic(network& net, client& to) {
  const auto tell = [&](const std::string& text) {
    net.reply(to, irc::rpl_statsdebug, {"t", text});
  };
  const auto shown = [](const traffic& what) {
    return std::to_string(what.messages) + " messages, " + std::to_string(what.bytes) + " bytes";
  };
  const all_traffic all = net.all_traffic_so_far();
  tell(std::to_string(net.count().connections) + " connections accepted");
  tell("Received: " + shown(all.heard));
  tell("Sent: " + shown(all.sent));
}

void tell_uptime(network& net, client& to) {
  const std::int64_t up = seconds_since(net.started().steady, net.now().steady);
  net.reply(
      to, irc::rpl_statsuptime,
      {"Server Up " + std::to_string(up / 86'400) + " days " + std::to_string(up / 3600 % 24) +
       ":" + two_digits(up / 60 % 60) + ":" + two_digits(up % 60)});
  const head_count& count = net.count();
  net.reply(to, irc::rpl_statsconn,
            {"Highest connection count: " + std::to_string(count.most_connected) + " (" +
             std::to_string(count.most) + " clients) (" + std::to_string(count.connections) +
             " connections received)"});
}

struct query {
  char letter;
  void (*tell)(network& net, client& to);
  bool for_operators = true;
};

constexpr std::array queries{
    query{'I', tell_classes},          query{'K', tell_bans},
    query{'L', tell_addresses, false}, query{'M', tell_command_uses},
    query{'O', tell_logins},           query{'P', tell_ports},
    query{'T', tell_traffic},          query{'Y', tell_class_limits},
    query{'i', tell_classes},          query{'k', tell_bans},
    query{'l', tell_hosts, false},     query{'m', tell_command_uses},
    query{'o', tell_logins},           query{'p', tell_operators_here, false},
    query{'t', tell_traffic},          query{'u', tell_uptime, false},
    query{'y', tell_class_limits},
};

}  // namespace

void handle_stats(network& net, client& from, const irc::message& what) {
  if (!is_asked(net, from, what.parameters.get(1))) return;
  const std::string_view letter = what.parameters[0].substr(0, 1);
  const auto found = std::ranges::find_if(
      queries, [&](const query& one) { return letter == std::string_view{&one.letter, 1}; });
  if (found != queries.end()) {
    if (found->for_operators && !from.oper) {
      net.reply(from, irc::err_noprivileges);
    } else {
      found->tell(net, from);
    }
  }
  net.reply(from, irc::rpl_endofstats, {letter});
}

}  // namespace pentad::messenger
