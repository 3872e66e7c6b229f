// JOIN, PART, TOPIC, NAMES.

#include <string>
#include <utility>

#include "apps/messenger/irc/names.hpp"
#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/network.hpp"
#include "apps/messenger/server/visibility.hpp"
#include "apps/messenger/server/words.hpp"
#include "pentad/base/utf8.hpp"

namespace pentad::messenger {
namespace {

void tell_topic(network& net, client& to, const channel& where) {
  net.reply(to, irc::rpl_topic, {where.name(), where.topic.text});
  net.reply(to, irc::rpl_topicwhotime,
            {where.name(), where.topic.set_by,
             decimal{whole_seconds(where.topic.set_at).time_since_epoch().count()}});
}

void tell_names(network& net, client& to, const channel& where) {
  const std::string_view symbol = where.modes.secret ? "@" : "=";
  const bool inside = where.find(to) != nullptr;
  const std::size_t room = net.room_in_reply(to, {symbol, where.name()});
  std::string names;
  for (const member& one : where.members()) {
    if (!inside && one.who->invisible) continue;
    const std::string_view prefix = one.rank.prefix();
    const std::string& nick = one.who->self.nick;
    if (!names.empty() && names.size() + 1 + prefix.size() + nick.size() > room) {
      net.reply(to, irc::rpl_namreply, {symbol, where.name(), names});
      names.clear();
    }
    names.append(names.empty() ? "" : " ").append(prefix).append(nick);
  }
  if (!names.empty()) net.reply(to, irc::rpl_namreply, {symbol, where.name(), names});
  net.reply(to, irc::rpl_endofnames, {where.name()});
}

void join(network& net, client& from, std::string_view name, std::string_view key) {
  channel* where = net.find_channel(name);
  if (where != nullptr && where->find(from) != nullptr) return;
  if (!irc::is_channel_name(name, net.limit().channel_length)) {
    return net.reply(from, irc::err_nosuchchannel, {name});
  }
  if (from.seats.size() >= net.limit().channels_per_client) {
    return net.reply(from, irc::err_toomanychannels, {name});
  }
  if (where != nullptr) {
    const channel_modes& modes = where->modes;
    if (!modes.key.empty() && !same_secret(modes.key, key)) {
      return net.reply(from, irc::err_badchannelkey, {where->name()});
    }
    if (modes.member_limit != 0 && where->members().size() >= modes.member_limit) {
      return net.reply(from, irc::err_channelisfull, {where->name()});
    }
  }

  const bool first = where == nullptr;
  if (first) where = &net.open_channel(name);
  where->add(from, {.op = first});
  irc::line_writer line = net.begin_line();
  line.source(from.self.source).command("JOIN").text(where->name());
  broadcast arrival{net.end_line(line), net.now().wall};
  net.deliver(*where, arrival);
  if (!where->topic.text.empty()) tell_topic(net, from, *where);
  tell_names(net, from, *where);
}

/// `reason` is as given: null when there was none.
void part(network& net, client& from, channel& where, const std::string_view* reason) {
  irc::line_writer line = net.begin_line();
  line.source(from.self.source).command("PART").parameter(where.name());
  if (reason != nullptr) line.text(*reason);
  broadcast departure{net.end_line(line), net.now().wall};
  net.deliver(where, departure);
  net.leave(from, where);
}

void set_topic(network& net, client& from, channel& where, std::string_view text) {
  const member* setter = where.find(from);
  if (setter == nullptr) return net.reply(from, irc::err_notonchannel, {where.name()});
  if (where.modes.protected_topic && !setter->rank.op) {
    return net.reply(from, irc::err_chanoprivsneeded, {where.name()});
  }
  where.topic = {std::string{truncated_utf8(text, net.limit().topic_length)}, from.self.nick,
                 net.now().wall};
  irc::line_writer line = net.begin_line();
  line.source(from.self.source).command("TOPIC").parameter(where.name()).text(where.topic.text);
  broadcast change{net.end_line(line), net.now().wall};
  net.deliver(where, change);
}

}  // namespace

void handle_join(network& net, client& from, const irc::message& what) {
  if (what.parameters[0] == "0") {
    while (!from.seats.empty()) part(net, from, *from.seats.back().where, nullptr);
    return;
  }
  std::string_view names = what.parameters[0];
  std::string_view keys = what.parameters.get(1);
  while (const std::optional<std::string_view> name = next_item(names)) {
    join(net, from, *name, next_item(keys).value_or(std::string_view{}));
  }
}

void handle_part(network& net, client& from, const irc::message& what) {
  std::string_view names = what.parameters[0];
  const std::string_view reason = what.parameters.get(1);
  while (const std::optional<std::string_view> name = next_item(names)) {
    channel* where = net.find_channel(*name);
    if (where == nullptr) {
      net.reply(from, irc::err_nosuchchannel, {*name});
    } else if (where->find(from) == nullptr) {
      net.reply(from, irc::err_notonchannel, {where->name()});
    } else {
      part(net, from, *where, what.parameters.size() > 1 ? &reason : nullptr);
    }
  }
}

void handle_topic(network& net, client& from, const irc::message& what) {
  const std::string_view name = what.parameters[0];
  channel* where = net.find_channel(name);
  if (where == nullptr) return net.reply(from, irc::err_nosuchchannel, {name});
  if (what.parameters.size() > 1) return set_topic(net, from, *where, what.parameters[1]);
  if (!sees(from, *where)) return net.reply(from, irc::err_notonchannel, {where->name()});
  if (where->topic.text.empty()) return net.reply(from, irc::rpl_notopic, {where->name()});
  tell_topic(net, from, *where);
}

void handle_names(network& net, client& from, const irc::message& what) {
  std::string_view names = what.parameters.get(0);
  const std::string_view name = next_item(names).value_or("*");
  const channel* where = net.find_channel(name);
  if (where == nullptr || !sees(from, *where)) {
    return net.reply(from, irc::rpl_endofnames, {name});
  }
  tell_names(net, from, *where);
}

}  // namespace pentad::messenger
