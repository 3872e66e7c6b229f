// MONITOR (IRCv3 "Monitor"): to be told who comes and goes.

#include <string>

#include "apps/messenger/irc/casemapping.hpp"
#include "apps/messenger/irc/names.hpp"
#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/network.hpp"
#include "apps/messenger/server/words.hpp"

namespace pentad::messenger {
namespace {

/// A list of names in as many replies as it needs.
class name_replies {
 public:
  name_replies(network& net, client& to, const irc::numeric& what)
      : net_(net), to_(to), what_(what), room_(net.room_in_reply(to, {})) {}
  name_replies(const name_replies&) = delete;
  name_replies& operator=(const name_replies&) = delete;

  void add(std::string_view name) {
    if (!names_.empty() && names_.size() + 1 + name.size() > room_) send();
    names_.append(names_.empty() ? "" : ",").append(name);
  }

  void send() {
    if (!names_.empty()) net_.reply(to_, what_, {names_});
    names_.clear();
  }

 private:
  network& net_;
  client& to_;
  const irc::numeric& what_;
  std::size_t room_;
  std::string names_;
};

/// Who of some people is there, and who is not.
class attendance {
 public:
  attendance(network& net, client& to)
      : net_(net), online_(net, to, irc::rpl_mononline), offline_(net, to, irc::rpl_monoffline) {}

  void add(std::string_view nick) {
    if (const client* one = net_.find_person(nick)) {
      online_.add(one->self.source);
    } else {
      offline_.add(nick);
    }
  }

  void send() {
    online_.send();
    offline_.send();
  }

 private:
  network& net_;
  name_replies online_;
  name_replies offline_;
};

void watch_all(network& net, client& from, std::string_view nicks) {
  attendance there{net, from};
  std::string_view rest = nicks;
  for (std::string_view left = nicks; const auto nick = next_item(rest); left = rest) {
    if (!irc::is_nick(*nick, net.limit().nick_length)) continue;
    if (from.watches.size() >= limits::monitored) {
      there.send();
      return net.reply(from, irc::err_monlistfull, {decimal{limits::monitored}, left});
    }
    if (net.watches().add(from, *nick)) there.add(*nick);
  }
  there.send();
}

void list(network& net, client& to) {
  name_replies names{net, to, irc::rpl_monlist};
  for (const watch& one : to.watches) names.add(one.whom->nick);
  names.send();
  net.reply(to, irc::rpl_endofmonlist);
}

void tell_all(network& net, client& to) {
  attendance there{net, to};
  for (const watch& one : to.watches) there.add(one.whom->nick);
  there.send();
}

}  // namespace

void handle_monitor(network& net, client& from, const irc::message& what) {
  const std::string_view step = what.parameters[0];
  std::string_view nicks = what.parameters.get(1);
  if (step == "+") {
    watch_all(net, from, nicks);
  } else if (step == "-") {
    while (const auto nick = next_item(nicks)) net.watches().remove(from, *nick);
  } else if (irc::same_name(step, "C")) {
    net.watches().remove_all(from);
  } else if (irc::same_name(step, "L")) {
    list(net, from);
  } else if (irc::same_name(step, "S")) {
    tell_all(net, from);
  }
}

}  // namespace pentad::messenger
