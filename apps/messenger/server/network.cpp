#include "apps/messenger/server/network.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "apps/messenger/irc/casemapping.hpp"

namespace pentad::messenger {

network::network(const configuration& settings, std::uint64_t seed, moment start,
                 housekeeping* keeper)
    : settings_(settings),
      door_(settings, seed, keeper),
      started_(start),
      now_(start),
      nicks_(seed),
      channels_(seed),
      watches_(seed),
      messages_(start.wall, limits::past_messages, seed) {}

// ---- People

client& network::add(transport& by, std::string_view host) {
  clients_.push_back(std::make_unique<client>(by, host, now_));
  client& added = *clients_.back();
  added.index = clients_.size() - 1;
  added.number = ++count_.connections;
  ++count_.connected;
  count_.most_connected = std::max(count_.most_connected, count_.connected);
  return added;
}

void network::remove(client& closed) noexcept {
  if (closed.dirty) std::erase(dirty_, &closed);
  past_.heard += closed.heard;
  past_.sent += closed.output.sent();
  const std::size_t gap = closed.index;
  std::swap(clients_[gap], clients_.back());
  clients_[gap]->index = gap;
  clients_.pop_back();
}

void network::drop(client& who, std::string_view reason) {
  if (who.closing()) return;
  end_response(who);
  door_.log(who.registered() ? "quit" : "refused", who, now_, {{"reason", reason}});
  door_.leave(who);
  if (who.registered()) {
    irc::line_writer line = begin_line();
    line.source(who.self.source).command("QUIT").text(reason);
    broadcast quit = sent_by(who, end_line(line));
    deliver_to_neighbours(who, quit);
    set_invisible(who, false);
    set_oper(who, false);
    --count_.registered;
  }
  while (!who.seats.empty()) leave(who, *who.seats.back().where);
  watches_.remove_all(who);
  if (!who.self.nick.empty()) forget_nick(who);
  --count_.connected;
  if (who.doomed) who.output.clear();
  who.at = client::stage::closing;
  dropped_.push_back(&who);

  irc::line_writer line = begin_line();
  line.command("ERROR").text("Closing Link: " + who.self.host + " (" + std::string{reason} + ")");
  who.output.append(end_line(line), std::numeric_limits<std::size_t>::max());
  mark_dirty(who);
}

/// The nick is free for others; of a registered client, it is remembered.
void network::forget_nick(client& who) {
  nicks_.erase(who.self.nick);
  if (!who.registered()) return;
  past_nicks_.add(who.self, now_.wall);
  tell_watchers(who.self.nick, irc::rpl_monoffline, who.self.nick);
}

void network::tell_watchers(std::string_view nick, const irc::numeric& what,
                            std::string_view text) {
  const std::span<client* const> watchers = watches_.watchers(nick);
  if (watchers.empty()) return;
  irc::line_writer line = begin_line();
  line.source(settings_.name).command(what.code).parameter("*").text(text);
  broadcast news{end_line(line), now_.wall};
  for (client* one : watchers) deliver(*one, news);
}

void network::doom(client& who) {
  if (who.doomed) return;
  who.doomed = true;
  doomed_.push_back(&who);
}

void network::drop_doomed() {
  while (!doomed_.empty()) {
    client& next = *doomed_.back();
    doomed_.pop_back();
    drop(next, "SendQ exceeded");
  }
}

client* network::take_dropped() noexcept {
  if (dropped_.empty()) return nullptr;
  client* const last = dropped_.back();
  dropped_.pop_back();
  return last;
}

client* network::find_person(std::string_view nick) const {
  client* const* found = nicks_.find(nick);
  return found != nullptr && (*found)->registered() ? *found : nullptr;
}

bool network::take_nick(client& who, std::string_view nick) {
  if (client* const* holder = nicks_.find(nick); holder != nullptr && *holder != &who) return false;
  const bool other = !irc::same_name(nick, who.self.nick);
  if (!who.self.nick.empty()) {
    if (other) {
      forget_nick(who);
    } else {
      nicks_.erase(who.self.nick);
    }
  }
  who.self.nick = nick;
  who.self.source = who.self.nick + "!" + who.self.user + "@" + who.self.host;
  nicks_.insert(&who);
  if (other && who.registered()) tell_watchers(nick, irc::rpl_mononline, who.self.source);
  return true;
}

void network::admit(client& who) {
  who.at = client::stage::registered;
  who.self.source = who.self.nick + "!" + who.self.user + "@" + who.self.host;
  std::string{}.swap(who.password);
  who.tokens.fill();
  ++count_.registered;
  count_.most = std::max(count_.most, count_.registered);
  tell_watchers(who.self.nick, irc::rpl_mononline, who.self.source);
  door_.log("registered", who, now_);
}

void network::set_invisible(client& who, bool invisible) noexcept {
  if (who.invisible == invisible) return;
  who.invisible = invisible;
  if (invisible) {
    ++count_.invisible;
  } else {
    --count_.invisible;
  }
}

void network::set_oper(client& who, bool oper) noexcept {
  if (who.oper == oper) return;
  who.oper = oper;
  if (oper) {
    ++count_.operators;
  } else {
    --count_.operators;
  }
}

void network::set_user_host(client& who, std::string_view user, std::string_view host) {
  irc::line_writer line = begin_line();
  line.source(who.self.source).command("CHGHOST").parameter(user).parameter(host);
  broadcast change = sent_by(who, end_line(line));
  if (who.capabilities.has(irc::capability::chghost)) deliver(who, change);
  deliver_to_observers(who, irc::capability::chghost, change);
  who.self.user = user;
  who.self.host = host;
  who.self.source = who.self.nick + "!" + who.self.user + "@" + who.self.host;
}

void network::set_account(client& who, std::shared_ptr<const account> belongs_to) {
  if (who.belongs_to == belongs_to) return;
  who.belongs_to = std::move(belongs_to);
  const std::string source = who.registered() ? who.self.source : std::string{"*"};
  const std::string name{who.account_name()};
  if (name.empty()) {
    reply(who, irc::rpl_loggedout, {source});
  } else {
    reply(who, irc::rpl_loggedin, {source, name, "You are now logged in as " + name});
  }
  if (!who.registered()) return;
  irc::line_writer line = begin_line();
  line.source(who.self.source).command("ACCOUNT").parameter(name);
  broadcast change = sent_by(who, end_line(line));
  if (who.capabilities.has(irc::capability::account_notify)) deliver(who, change);
  deliver_to_observers(who, irc::capability::account_notify, change);
}

all_traffic network::all_traffic_so_far() const noexcept {
  all_traffic all = past_;
  for (const auto& one : clients_) {
    all.heard += one->heard;
    all.sent += one->output.sent();
  }
  return all;
}

// ---- Channels

channel* network::find_channel(std::string_view name) const {
  const std::unique_ptr<channel>* found = channels_.find(name);
  return found == nullptr ? nullptr : found->get();
}

channel& network::open_channel(std::string_view name) {
  channel& opened =
      *channels_.insert(std::make_unique<channel>(name, ++channels_opened_, now_.wall));
  const auto has = [&](char mode) {
    return settings_.channel_modes.find(mode) != std::string::npos;
  };
  opened.modes.invite_only = has('i');
  opened.modes.moderated = has('m');
  opened.modes.no_external = has('n');
  opened.modes.secret = has('s');
  opened.modes.protected_topic = has('t');
  return opened;
}

void network::leave(client& who, channel& where) {
  where.remove(who);
  if (where.members().empty()) channels_.erase(where.name());
}

void network::rename(channel& where, std::string_view name) {
  std::unique_ptr<channel> renamed = channels_.take(where.name());
  renamed->rename(name);
  channels_.insert(std::move(renamed));
}

// ---- Output

irc::line_writer network::begin_line() {
  line_.clear();
  return irc::line_writer{line_};
}

std::string_view network::end_line(irc::line_writer& line) {
  line.end(limit().line.line);
  return line_;
}

broadcast network::sent_by(const client& from, std::string_view line, line_tags tags) const {
  tags.account = from.account_name();
  tags.bot = from.bot;
  return {line, now_.wall, tags};
}

void network::reply(client& to, const irc::numeric& what,
                    std::span<const std::string_view> parameters) {
  irc::line_writer line = begin_line();
  line.source(settings_.name).command(what.code).parameter(to.name());
  for (const std::string_view& parameter : parameters) {
    const bool last = &parameter == &parameters.back();
    if (last && what.last == irc::numeric::ending::free) {
      line.text(parameter);
    } else {
      line.parameter(parameter);
    }
  }
  if (what.last == irc::numeric::ending::fixed) line.text(what.text);
  send(to, end_line(line));
}

void network::fail(client& to, std::string_view command, std::string_view code,
                   std::initializer_list<std::string_view> context, std::string_view description) {
  irc::line_writer line = begin_line();
  line.source(settings_.name).command("FAIL").parameter(command).parameter(code);
  for (const std::string_view one : context) line.parameter(one);
  line.text(description);
  send(to, end_line(line));
}

bool network::has_room(const client& to) const noexcept {
  const std::size_t held = response_.is_for(to) ? response_.bytes() : 0;
  return to.output.bytes() + held < limit().send_queue / 2;
}

std::size_t network::room_in_reply(const client& to,
                                   std::initializer_list<std::string_view> before) const {
  constexpr std::string_view around = ": 000   :\r\n";
  std::size_t taken = around.size() + settings_.name.size() + to.name().size();
  for (const std::string_view parameter : before) taken += parameter.size() + 1;
  return limit().line.line - std::min(taken, limit().line.line);
}

void network::notice(client& to, std::string_view text) {
  irc::line_writer line = begin_line();
  line.source(settings_.name).command("NOTICE").parameter(to.name()).text(text);
  send(to, end_line(line));
}

void network::notice_operators(std::string_view text) {
  for (const auto& one : clients_) {
    if (one->oper && one->registered()) notice(*one, text);
  }
}

void network::send(client& to, std::string_view line) {
  if (to.closing()) return;
  if (!response_.is_for(to)) return append(to, tagged(to, line));
  response_.hold(tagged(to, line));
  if (response_.bytes() > limit().send_queue) doom(to);
}

void network::deliver(client& to, broadcast& what) {
  if (to.closing()) return;
  if (!response_.is_for(to)) return push(to, what.form_for(to.capabilities));
  response_.hold(what.form_for(to.capabilities).text());
}

void network::deliver_unasked(client& to, broadcast& what) {
  if (!to.closing()) push(to, what.form_for(to.capabilities));
}

/// The line with those tags that every line has, in memory that all such lines share.
std::string_view network::tagged(const client& to, std::string_view line) {
  if (!to.capabilities.has(irc::capability::server_time)) return line;
  tagged_ = "@time=";
  append_server_time(tagged_, now_.wall);
  tagged_.append(" ").append(line);
  return tagged_;
}

void network::push(client& to, const shared_line& line) {
  if (to.output.push(line, limit().send_queue)) {
    mark_dirty(to);
  } else {
    doom(to);
  }
}

void network::append(client& to, std::string_view text) {
  if (to.output.append(text, limit().send_queue)) {
    mark_dirty(to);
  } else {
    doom(to);
  }
}

/// Puts one more tag before those that a line has.
void network::append_tagged(client& to, std::string_view tag, std::string_view text) {
  std::string line{"@"};
  line.append(tag);
  if (text.starts_with('@')) {
    line.append(";").append(text.substr(1));
  } else {
    line.append(" ").append(text);
  }
  append(to, line);
}

void network::end_response(client& to) {
  if (!response_.is_for(to)) return;
  const std::string label = "label=" + std::string{response_.label()};
  const std::vector<std::string> lines = response_.take();
  const auto own_line = [&](std::string_view command, std::string_view last,
                            std::string_view type = {}) {
    irc::line_writer line = begin_line();
    line.source(settings_.name).command(command);
    if (!last.empty()) line.parameter(last);
    if (!type.empty()) line.parameter(type);
    return tagged(to, end_line(line));
  };
  if (lines.empty()) return append_tagged(to, label, own_line("ACK", {}));
  if (lines.size() == 1) return append_tagged(to, label, lines.front());
  const std::string name = std::to_string(++batches_);
  append_tagged(to, label, own_line("BATCH", "+" + name, "labeled-response"));
  for (const std::string& line : lines) append_tagged(to, "batch=" + name, line);
  append(to, own_line("BATCH", "-" + name));
}

late_answer network::answer_later(const client& from) {
  late_answer later{from.number, {}};
  if (response_.is_for(from)) later.response = std::exchange(response_, {});
  return later;
}

client* network::resume(late_answer& later) {
  const auto found =
      std::ranges::find(clients_, later.session, [](const auto& one) { return one->number; });
  if (found == clients_.end() || (*found)->closing()) return nullptr;
  response_ = std::move(later.response);
  return found->get();
}

void network::deliver(const channel& to, broadcast& what, const client* except) {
  for (const member& one : to.members()) {
    if (one.who != except) deliver(*one.who, what);
  }
}

void network::deliver(const channel& to, irc::capability wanted, broadcast& what,
                      broadcast* otherwise, const client* except) {
  for (const member& one : to.members()) {
    if (one.who == except) continue;
    if (one.who->capabilities.has(wanted)) {
      deliver(*one.who, what);
    } else if (otherwise != nullptr) {
      deliver(*one.who, *otherwise);
    }
  }
}

void network::deliver_to_neighbours(const client& who, broadcast& what) {
  const std::uint64_t number = ++broadcasts_;
  for (const seat& mine : who.seats) {
    for (const member& one : mine.where->members()) {
      if (one.who == &who || one.who->last_broadcast == number) continue;
      one.who->last_broadcast = number;
      deliver(*one.who, what);
    }
  }
}

void network::deliver_to_observers(const client& who, irc::capability wanted, broadcast& what) {
  const std::uint64_t number = ++broadcasts_;
  const auto tell = [&](client& one) {
    if (&one == &who || one.last_broadcast == number) return;
    one.last_broadcast = number;
    if (one.capabilities.has(wanted)) deliver(one, what);
  };
  for (const seat& mine : who.seats) {
    for (const member& one : mine.where->members()) tell(*one.who);
  }
  for (client* one : watches_.watchers(who.self.nick)) {
    if (one->capabilities.has(irc::capability::extended_monitor)) tell(*one);
  }
}

void network::mark_dirty(client& who) {
  if (who.dirty) return;
  who.dirty = true;
  dirty_.push_back(&who);
}

void network::flush() {
  attended_.swap(dirty_);
  for (client* who : attended_) {
    who->dirty = false;
    who->carrier.attend();
  }
  attended_.clear();
}

}  // namespace pentad::messenger
