#include "apps/messenger/server/network.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "apps/messenger/irc/casemapping.hpp"

namespace pentad::messenger {

network::network(const configuration& settings, std::uint64_t seed, moment start)
    : settings_(settings), started_(start), now_(start), nicks_(seed), channels_(seed) {}

// ---- People

client& network::add(transport& by, std::string_view host) {
  clients_.push_back(std::make_unique<client>(by, host, now_));
  client& added = *clients_.back();
  added.index = clients_.size() - 1;
  ++count_.connected;
  return added;
}

void network::remove(client& closed) noexcept {
  if (closed.dirty) std::erase(dirty_, &closed);
  const std::size_t gap = closed.index;
  std::swap(clients_[gap], clients_.back());
  clients_[gap]->index = gap;
  clients_.pop_back();
}

void network::drop(client& who, std::string_view reason) {
  if (who.closing()) return;
  if (who.registered()) {
    irc::line_writer line = begin_line();
    line.source(who.self.source).command("QUIT").text(reason);
    broadcast quit{end_line(line), now_.wall};
    deliver_to_neighbours(who, quit);
    set_invisible(who, false);
    --count_.registered;
  }
  while (!who.seats.empty()) leave(who, *who.seats.back().where);
  if (!who.self.nick.empty()) nicks_.erase(who.self.nick);
  --count_.connected;
  if (who.doomed) who.output.clear();
  who.at = client::stage::closing;
  dropped_.push_back(&who);

  irc::line_writer line = begin_line();
  line.command("ERROR").text("Closing Link: " + who.self.host + " (" + std::string{reason} + ")");
  who.output.append(end_line(line), std::numeric_limits<std::size_t>::max());
  mark_dirty(who);
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
  if (!who.self.nick.empty()) nicks_.erase(who.self.nick);
  who.self.nick = nick;
  who.self.source = who.self.nick + "!" + who.self.user + "@" + who.self.host;
  nicks_.insert(&who);
  return true;
}

void network::admit(client& who) {
  who.at = client::stage::registered;
  who.self.source = who.self.nick + "!" + who.self.user + "@" + who.self.host;
  std::string{}.swap(who.password);
  who.tokens.fill();
  ++count_.registered;
  count_.most = std::max(count_.most, count_.registered);
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

// ---- Channels

channel* network::find_channel(std::string_view name) const {
  const std::unique_ptr<channel>* found = channels_.find(name);
  return found == nullptr ? nullptr : found->get();
}

channel& network::open_channel(std::string_view name) {
  return *channels_.insert(std::make_unique<channel>(name, now_.wall));
}

void network::leave(client& who, channel& where) {
  where.remove(who);
  if (where.members().empty()) channels_.erase(where.name());
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

std::size_t network::room_in_reply(const client& to,
                                   std::initializer_list<std::string_view> before) const {
  constexpr std::string_view around = ": 000   :\r\n";
  std::size_t taken = around.size() + settings_.name.size() + to.name().size();
  for (const std::string_view parameter : before) taken += parameter.size() + 1;
  return limit().line.line - std::min(taken, limit().line.line);
}

void network::send(client& to, std::string_view line) {
  if (to.closing()) return;
  const std::size_t most = limit().send_queue;
  bool taken = true;
  if (to.capabilities.has(irc::capability::server_time)) {
    std::string tags = "@time=";
    append_server_time(tags, now_.wall);
    tags += ' ';
    taken = to.output.append(tags, most);
  }
  if (taken && to.output.append(line, most)) {
    mark_dirty(to);
  } else {
    doom(to);
  }
}

void network::deliver(client& to, broadcast& what) {
  if (to.closing()) return;
  if (to.output.push(what.form_for(to.capabilities), limit().send_queue)) {
    mark_dirty(to);
  } else {
    doom(to);
  }
}

void network::deliver(const channel& to, broadcast& what, const client* except) {
  for (const member& one : to.members()) {
    if (one.who != except) deliver(*one.who, what);
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
