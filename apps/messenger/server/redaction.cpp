// REDACT (IRCv3 "Message redaction"): takes a message back, as far as those who got it go along.

#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/network.hpp"

namespace pentad::messenger {
namespace {

/// Only its sender and the operators of its channel may.
bool may_redact(const client& who, const recent_message& message, const channel* where) noexcept {
  if (message.sender == who.number) return true;
  const member* found = where == nullptr ? nullptr : where->find(who);
  return found != nullptr && found->rank.op;
}

}  // namespace

void handle_redact(network& net, client& from, const irc::message& what) {
  if (!from.capabilities.has(irc::capability::message_redaction)) {
    return net.reply(from, irc::err_unknowncommand, {what.command});
  }
  const std::string_view target = what.parameters[0];
  const std::string_view id = what.parameters[1];
  const channel* where = net.find_channel(target);
  client* person = where == nullptr ? net.find_person(target) : nullptr;
  const bool outside = where != nullptr && where->find(from) == nullptr;
  if ((where == nullptr && person == nullptr) || outside) {
    return net.fail(from, "REDACT", "INVALID_TARGET", {target},
                    "You cannot delete messages from there");
  }
  recent_message* message = net.messages().find(id, target);
  // Of messages between others, nobody learns that there were any.
  const bool known = message != nullptr && !message->redacted &&
                     (where != nullptr || message->sender == from.number);
  if (!known) {
    return net.fail(from, "REDACT", "UNKNOWN_MSGID", {target, id},
                    "This message does not exist or is too old");
  }
  if (!may_redact(from, *message, where)) {
    return net.fail(from, "REDACT", "REDACT_FORBIDDEN", {target, id},
                    "You are not authorised to delete this message");
  }
  message->redacted = true;

  irc::line_writer line = net.begin_line();
  line.source(from.self.source).command("REDACT");
  line.parameter(where != nullptr ? where->name() : person->self.nick);
  if (what.parameters.size() > 2) {
    line.parameter(id).text(what.parameters[2]);
  } else {
    line.parameter(id);
  }
  broadcast change = net.sent_by(from, net.end_line(line));
  if (where != nullptr) {
    net.deliver(*where, irc::capability::message_redaction, change, nullptr, &from);
  } else if (person != &from && person->capabilities.has(irc::capability::message_redaction)) {
    net.deliver(*person, change);
  }
  if (from.capabilities.has(irc::capability::echo_message)) net.deliver(from, change);
}

}  // namespace pentad::messenger
