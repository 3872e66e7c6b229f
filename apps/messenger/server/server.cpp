#include "apps/messenger/server/server.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "apps/messenger/irc/message.hpp"
#include "apps/messenger/irc/tags.hpp"
#include "apps/messenger/server/commands.hpp"
#include "pentad/base/utf8.hpp"

namespace pentad::messenger {
namespace {

/// Of bytes that wait for the rate limit. A transport that heeds `client::delayed` never comes
/// near.
constexpr std::size_t most_held = 1'048'576;

/// For a closing client to read the last line and to close the connection.
constexpr duration time_to_go = std::chrono::seconds{1};

/// The silence after which a client is asked whether it is still there.
duration ping_after(const limits& limit) noexcept { return duration{limit.ping_timeout} / 2; }

/// The label that the answer is to have (IRCv3 "Labeled Responses"); empty: none.
std::string_view label_of(const client& from, const irc::message& what) {
  if (what.tags.empty() || !from.capabilities.has(irc::capability::labeled_response) ||
      !from.capabilities.has(irc::capability::batch)) {
    return {};
  }
  const std::string_view label = irc::find_tag(what.tags, "label").value_or(std::string_view{});
  return label.size() <= limits::label_length ? label : std::string_view{};
}

}  // namespace

client& server::connected(transport& by, std::string_view host, moment now) {
  network_.set_time(now);
  client& added = network_.add(by, host);
  deadlines_.insert(added, deadline_of(added));
  if (network_.count().connected > network_.limit().clients) {
    network_.drop(added, "Server is full");
  } else if (const auto refusal = network_.door().enter(added, host, now)) {
    network_.drop(added, *refusal);
  }
  settle();
  return added;
}

void server::received(client& from, std::span<const std::byte> bytes, moment now) {
  if (from.closing()) return;
  network_.set_time(now);
  from.last_heard = now.steady;
  from.pinged = false;
  from.heard.bytes += bytes.size();
  from.input.feed({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  hear(from);
  if (from.input.held() > most_held) network_.drop(from, "Excess Flood");
  settle(from);
}

void server::finished(client& who, std::string_view reason, moment now) {
  network_.set_time(now);
  network_.drop(who, reason);
  settle();
}

void server::disconnected(client& who, moment now) {
  finished(who, "Connection closed", now);
  if (deadlines_.contains(who)) deadlines_.erase(who);
  network_.remove(who);
}

void server::advance(moment now) {
  network_.set_time(now);
  while (deadlines_.first() <= now.steady) {
    client& next = deadlines_.pop();
    if (next.closing()) {
      next.carrier.cut();
      continue;
    }
    attend(next);
    deadlines_.insert(next, deadline_of(next));
    settle();
  }
}

void server::end_reload(const reload_outcome& changes, moment now) {
  network_.set_time(now);
  answer_about_reload(network_, changes);
  settle();
}

std::string server::begin_keeping_bans(moment now) {
  network_.set_time(now);
  network_.ban_keeping().begin();
  return network_.door().bans_text(now);
}

void server::end_keeping_bans(std::error_code failed, moment now) {
  network_.set_time(now);
  answer_about_bans(network_, failed);
  settle();
}

void server::tell_operators(std::string_view text, moment now) {
  network_.set_time(now);
  network_.notice_operators(text);
  settle();
}

void server::stop(std::string_view reason, moment now) {
  network_.set_time(now);
  for (const auto& one : network_.clients()) network_.drop(*one, reason);
  settle();
}

/// Carries out the lines that have come, as far as the rate limit lets it.
void server::hear(client& from) {
  const irc::length_limits& longest = network_.limit().line;
  const std::size_t most = longest.line + longest.tags;  // '@' and ' ' for CR and LF
  const line_rate allowed = rate_of(from);
  const instant now = network_.now().steady;
  while (!from.closing() && from.tokens.ready(now, allowed)) {
    const auto line = from.input.next(most);
    if (!line) break;
    from.tokens.take(now, allowed);
    handle(from, *line);
  }
  from.input.keep();
  const bool waits = from.input.held() > 0 && !from.tokens.ready(now, allowed);
  if (waits != from.waits_for_token) {
    from.waits_for_token = waits;
    network_.mark_dirty(from);
  }
}

void server::handle(client& from, const irc::line_splitter::line& line) {
  ++from.heard.messages;
  if (line.too_long) return network_.reply(from, irc::err_inputtoolong);
  carry_out(from, line.text);
}

void server::carry_out(client& from, std::string_view line) {
  const auto what = irc::parse(line, network_.limit().line);
  if (!what) {
    switch (what.error()) {
      case irc::parse_error::empty:
        return;
      case irc::parse_error::too_long:
        return network_.reply(from, irc::err_inputtoolong);
      case irc::parse_error::malformed:
      case irc::parse_error::forbidden_byte:
        break;
    }
    return network_.reply(from, irc::err_unknowncommand, {"*"});
  }
  const std::string_view label = label_of(from, *what);
  if (!label.empty()) network_.begin_response(from, label);
  answer(from, *what, is_utf8(line));
  network_.end_response(from);
}

void server::answer(client& from, const irc::message& what, bool utf8) {
  const command* known = find_command(what.command);
  if (!utf8) {
    return network_.fail(
        from, known == nullptr ? "*" : known->name, "INVALID_UTF8", {},
        "Message rejected, your IRC software MUST use UTF-8 encoding on this network");
  }
  if (!from.registered() && (known == nullptr || !known->before_registration)) {
    return network_.reply(from, irc::err_notregistered);
  }
  if (known == nullptr) return network_.reply(from, irc::err_unknowncommand, {what.command});
  network_.count_use(static_cast<std::size_t>(known - commands().data()));
  if (known->for_operators && !from.oper) return network_.reply(from, irc::err_noprivileges);
  if (what.parameters.size() < known->parameters) {
    return network_.reply(from, irc::err_needmoreparams, {known->name});
  }
  known->handle(network_, from, what);
  if (known->for_operators) network_.door().audit("operator", from, what, network_.now());
}

void server::log_in(client& who, std::shared_ptr<const account> to, moment now) {
  network_.set_time(now);
  if (!who.closing()) network_.set_account(who, std::move(to));
  settle(who);
}

/// Its deadline has come.
void server::attend(client& who) {
  const limits& limit = network_.limit();
  const instant now = network_.now().steady;
  if (who.delayed()) hear(who);
  if (who.closing()) return;
  if (!who.registered()) {
    if (now - who.connected_at.steady >= limit.registration_timeout) {
      network_.drop(who, "Registration timeout");
    }
    return;
  }
  const duration silence = now - who.last_heard;
  if (silence >= limit.ping_timeout) {
    const std::string seconds = std::to_string(limit.ping_timeout.count());
    network_.drop(who, "Ping timeout: " + seconds + " seconds");
  } else if (silence >= ping_after(limit) && !who.pinged) {
    who.pinged = true;
    irc::line_writer ping = network_.begin_line();
    ping.command("PING").text(network_.settings().name);
    network_.send(who, network_.end_line(ping));
  }
}

/// After everything that may have dropped somebody: they have their time to go.
void server::settle() {
  network_.drop_doomed();
  while (client* const gone = network_.take_dropped()) {
    deadlines_.move(*gone, later(network_.now().steady, time_to_go));
  }
}

/// After a client was heard: if it is delayed, then not longer than for its token.
void server::settle(client& who) {
  settle();
  if (who.closing()) return;
  if (const instant due = deadline_of(who); due < who.deadline) deadlines_.move(who, due);
}

instant server::deadline_of(const client& who) const noexcept {
  const limits& limit = network_.limit();
  instant due = later(who.connected_at.steady, limit.registration_timeout);
  if (who.registered()) {
    due = later(who.last_heard, who.pinged ? limit.ping_timeout : ping_after(limit));
  }
  if (who.delayed()) due = std::min(due, who.tokens.next(rate_of(who)));
  return due;
}

line_rate server::rate_of(const client& who) const noexcept {
  const limits& limit = network_.limit();
  if (who.exempt || limit.messages_per_second == 0) return {};
  return {limit.message_burst, duration{std::chrono::seconds{1}} / limit.messages_per_second};
}

}  // namespace pentad::messenger
