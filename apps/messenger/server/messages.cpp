// PRIVMSG, NOTICE, TAGMSG: the fan-out that everything else is there for.

#include <algorithm>
#include <string>

#include "apps/messenger/irc/names.hpp"
#include "apps/messenger/irc/tags.hpp"
#include "apps/messenger/server/channel_access.hpp"
#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/network.hpp"
#include "apps/messenger/server/words.hpp"

namespace pentad::messenger {
namespace {

/// A message as it was given, before it is addressed to one of its targets.
struct letter {
  std::string_view command;      ///< PRIVMSG, NOTICE or TAGMSG
  const std::string_view* text;  ///< null: tags alone
  std::string client_tags;
  bool quiet;  ///< NOTICE: never answered (Modern IRC, "NOTICE message")
};

void refuse(network& net, client& from, const letter& what, const irc::numeric& why,
            std::string_view target) {
  if (!what.quiet) net.reply(from, why, {target});
}

std::string_view address(network& net, const client& from, const letter& what,
                         std::string_view target) {
  irc::line_writer line = net.begin_line();
  line.source(from.self.source).command(what.command).parameter(target);
  if (what.text != nullptr) line.text(*what.text);
  return net.end_line(line);
}

/// TAGMSG is for those alone who asked for tags.
bool takes(const client& to, const letter& what) noexcept {
  return what.text != nullptr || to.capabilities.has(irc::capability::message_tags);
}

void echo(network& net, client& from, broadcast& message) {
  if (from.capabilities.has(irc::capability::echo_message)) net.deliver(from, message);
}

/// Members of this rank and above; `@#channel` and `+#channel` (STATUSMSG) are for them alone.
bool has_rank(const member& one, char least) noexcept {
  return least == 0 || one.rank.op || (least == '+' && one.rank.voice);
}

/// `target` may begin with the letter of a rank.
void send_to_channel(network& net, client& from, const letter& what, std::string_view target) {
  const char least = irc::names_channel(target) ? '\0' : target.front();
  const channel* where = net.find_channel(target.substr(least == 0 ? 0 : 1));
  if (where == nullptr) return refuse(net, from, what, irc::err_nosuchnick, target);
  if (!may_speak(*where, from)) {
    return refuse(net, from, what, irc::err_cannotsendtochan, where->name());
  }
  std::string address_text = where->name();
  if (least != 0) address_text.insert(address_text.begin(), least);
  const message_id id = net.messages().add(from.number, where->name());
  broadcast message = net.sent_by(from, address(net, from, what, address_text),
                                  {.id = id.text(), .client_only = what.client_tags});
  if (what.text != nullptr && least == 0) {
    net.deliver(*where, message, &from);
  } else {
    for (const member& one : where->members()) {
      if (one.who != &from && has_rank(one, least) && takes(*one.who, what)) {
        net.deliver(*one.who, message);
      }
    }
  }
  echo(net, from, message);
}

void send_to_person(network& net, client& from, const letter& what, std::string_view nick) {
  client* to = net.find_person(nick);
  if (to == nullptr) return refuse(net, from, what, irc::err_nosuchnick, nick);
  const message_id id = net.messages().add(from.number, to->self.nick);
  broadcast message = net.sent_by(from, address(net, from, what, to->self.nick),
                                  {.id = id.text(), .client_only = what.client_tags});
  // To oneself, it is the echo alone that answers (IRCv3 "Labeled Responses").
  if (takes(*to, what)) net.deliver_unasked(*to, message);
  echo(net, from, message);
  if (!to->away.empty() && what.text != nullptr && !what.quiet) {
    net.reply(from, irc::rpl_away, {to->self.nick, to->away});
  }
}

/// A channel, perhaps behind the letter of a rank.
bool is_for_channel(std::string_view target) noexcept {
  if (target.starts_with('@') || target.starts_with('+')) target.remove_prefix(1);
  return irc::names_channel(target);
}

void send_to_all(network& net, client& from, const letter& what, std::string_view targets) {
  const auto commas = std::ranges::count(targets, ',');
  if (static_cast<std::size_t>(commas) >= limits::targets) {
    return refuse(net, from, what, irc::err_toomanytargets, targets);
  }
  from.last_spoke = net.now().steady;
  while (const std::optional<std::string_view> target = next_item(targets)) {
    if (is_for_channel(*target)) {
      send_to_channel(net, from, what, *target);
    } else {
      send_to_person(net, from, what, *target);
    }
  }
}

std::string client_tags_of(const client& from, const irc::message& what) {
  if (!from.capabilities.has(irc::capability::message_tags)) return {};
  return irc::client_only_tags(what.tags);
}

}  // namespace

void handle_privmsg(network& net, client& from, const irc::message& what) {
  if (what.parameters.get(0).empty()) {
    return net.reply(from, irc::err_norecipient, {"No recipient given (PRIVMSG)"});
  }
  const std::string_view text = what.parameters.get(1);
  if (text.empty()) return net.reply(from, irc::err_notexttosend);
  const letter sent{"PRIVMSG", &text, client_tags_of(from, what), false};
  send_to_all(net, from, sent, what.parameters[0]);
}

void handle_notice(network& net, client& from, const irc::message& what) {
  const std::string_view text = what.parameters.get(1);
  if (what.parameters.get(0).empty() || text.empty()) return;
  const letter sent{"NOTICE", &text, client_tags_of(from, what), true};
  send_to_all(net, from, sent, what.parameters[0]);
}

void handle_tagmsg(network& net, client& from, const irc::message& what) {
  if (!from.capabilities.has(irc::capability::message_tags)) {
    return net.reply(from, irc::err_unknowncommand, {what.command});
  }
  if (what.parameters.get(0).empty()) {
    return net.reply(from, irc::err_norecipient, {"No recipient given (TAGMSG)"});
  }
  const letter sent{"TAGMSG", nullptr, client_tags_of(from, what), false};
  send_to_all(net, from, sent, what.parameters[0]);
}

}  // namespace pentad::messenger
