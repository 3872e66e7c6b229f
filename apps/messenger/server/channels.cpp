// JOIN, PART, RENAME, TOPIC.

#include <string>
#include <utility>

#include "apps/messenger/irc/casemapping.hpp"
#include "apps/messenger/irc/names.hpp"
#include "apps/messenger/server/channel_access.hpp"
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

/// What newcomers are told of a channel.
void show(network& net, client& to, const channel& where) {
  if (!where.topic.text.empty()) tell_topic(net, to, where);
  if (!to.capabilities.has(irc::capability::no_implicit_names)) tell_names(net, to, where);
}

/// The arrival of a client, in the two forms that capabilities ask for.
struct arrival_lines {
  arrival_lines(network& net, const client& who, const channel& where) {
    irc::line_writer plain_line = net.begin_line();
    plain_line.source(who.self.source).command("JOIN").text(where.name());
    plain = net.end_line(plain_line);
    const std::string_view account = who.account_name();
    irc::line_writer extended_line = net.begin_line();
    extended_line.source(who.self.source).command("JOIN").parameter(where.name());
    extended_line.parameter(account.empty() ? "*" : account).text(who.self.real_name);
    extended = net.end_line(extended_line);
  }

  std::string plain;
  std::string extended;  ///< IRCv3 "extended-join"
};

void tell_arrival(network& net, const client& who, const channel& where) {
  const arrival_lines lines{net, who, where};
  broadcast plain = net.sent_by(who, lines.plain);
  broadcast extended = net.sent_by(who, lines.extended);
  net.deliver(where, irc::capability::extended_join, extended, &plain);
  if (who.away.empty()) return;
  // IRCv3 "away-notify": those who could not know yet.
  irc::line_writer line = net.begin_line();
  line.source(who.self.source).command("AWAY").text(who.away);
  broadcast away = net.sent_by(who, net.end_line(line));
  net.deliver(where, irc::capability::away_notify, away, nullptr, &who);
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
    if (const irc::numeric* why = refusal_to_join(*where, from, key)) {
      return net.reply(from, *why, {where->name()});
    }
  }

  const bool first = where == nullptr;
  if (first) where = &net.open_channel(name);
  std::erase_if(from.invitations,
                [&](const invitation& one) { return one.number == where->number(); });
  where->add(from, {.op = first});
  tell_arrival(net, from, *where);
  show(net, from, *where);
}

/// `reason` is as given: null when there was none.
void part(network& net, client& from, channel& where, const std::string_view* reason) {
  irc::line_writer line = net.begin_line();
  line.source(from.self.source).command("PART").parameter(where.name());
  if (reason != nullptr) line.text(*reason);
  broadcast departure = net.sent_by(from, net.end_line(line));
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
  broadcast change = net.sent_by(from, net.end_line(line));
  net.deliver(where, change);
}

/// Those who do not know RENAME see the member part from the old and join the new name.
void tell_rename_as_move(network& net, client& to, const channel& where, std::string_view old_name,
                         std::string_view reason) {
  irc::line_writer line = net.begin_line();
  line.source(to.self.source).command("PART").parameter(old_name);
  if (!reason.empty()) line.text(reason);
  broadcast departure = net.sent_by(to, net.end_line(line));
  net.deliver(to, departure);
  const arrival_lines lines{net, to, where};
  const bool extended = to.capabilities.has(irc::capability::extended_join);
  broadcast arrival = net.sent_by(to, extended ? lines.extended : lines.plain);
  net.deliver(to, arrival);
  show(net, to, where);
}

void rename(network& net, client& from, channel& where, std::string_view new_name,
            std::string_view reason) {
  const std::string old_name = where.name();
  net.rename(where, new_name);
  irc::line_writer writer = net.begin_line();
  writer.source(from.self.source).command("RENAME").parameter(old_name).parameter(new_name);
  const std::string line{net.end_line(writer.text(reason))};
  broadcast change = net.sent_by(from, line);
  const bool same = irc::same_name(old_name, new_name);
  for (const member& one : where.members()) {
    if (one.who->capabilities.has(irc::capability::channel_rename)) {
      net.deliver(*one.who, change);
    } else if (!same) {
      tell_rename_as_move(net, *one.who, where, old_name, reason);
    }
  }
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

void handle_rename(network& net, client& from, const irc::message& what) {
  const std::string_view old_name = what.parameters[0];
  const std::string_view new_name = what.parameters[1];
  channel* where = net.find_channel(old_name);
  if (where == nullptr) return net.reply(from, irc::err_nosuchchannel, {old_name});
  const member* renamer = where->find(from);
  if (renamer == nullptr) return net.reply(from, irc::err_notonchannel, {where->name()});
  if (!renamer->rank.op) return net.reply(from, irc::err_chanoprivsneeded, {where->name()});
  if (!irc::is_channel_name(new_name, net.limit().channel_length)) {
    return net.fail(from, "RENAME", "CANNOT_RENAME", {where->name(), new_name},
                    "The channel cannot be renamed");
  }
  if (const channel* holder = net.find_channel(new_name); holder != nullptr && holder != where) {
    return net.fail(from, "RENAME", "CHANNEL_NAME_IN_USE", {where->name(), new_name},
                    "The channel name is already taken");
  }
  if (where->name() == new_name) return;
  rename(net, from, *where, new_name, what.parameters.get(2));
}

}  // namespace pentad::messenger
