#include "apps/messenger/chat/session.hpp"

#include <algorithm>
#include <utility>

#include "apps/messenger/chat/piece.hpp"
#include "apps/messenger/chat/server_time.hpp"
#include "apps/messenger/irc/casemapping.hpp"
#include "apps/messenger/irc/line_writer.hpp"
#include "apps/messenger/irc/tags.hpp"
#include "pentad/base/utf8.hpp"

namespace pentad::messenger::chat {
namespace {

using kind = news::kind;

/// Servers are not held to the limits of the protocol as strictly as clients are.
constexpr irc::length_limits tolerated{8192, 8192};

/// Nobody is on so many channels; a server that says so is not believed.
constexpr std::size_t most_channels = 1000;

/// What a server may add to a nick, `!user@host`, for as long as it has not shown what it adds.
constexpr std::size_t longest_user_and_host = 1 + 20 + 1 + 64;

std::string_view nick_of(std::string_view source) noexcept {
  return source.substr(0, source.find('!'));
}

bool is_one_of(std::string_view command, std::initializer_list<std::string_view> known) noexcept {
  return std::ranges::find(known, command) != known.end();
}

bool is_numeric(std::string_view command) noexcept {
  return command.size() == 3 && command.find_first_not_of("0123456789") == command.npos;
}

std::string_view last(const irc::parameter_list& parameters) noexcept {
  return parameters.empty() ? std::string_view{} : parameters[parameters.size() - 1];
}

/// The parameters from `first` on, with spaces between.
std::string joined(const irc::parameter_list& parameters, std::size_t first) {
  std::string text;
  for (std::size_t i = first; i < parameters.size(); ++i) {
    if (!text.empty()) text += ' ';
    text += parameters[i];
  }
  return text;
}

news information(std::string text) { return {.what = kind::information, .text = std::move(text)}; }

void send(std::string& out, std::string_view command, std::string_view text) {
  irc::line_writer(out).command(command).text(text).end();
}

}  // namespace

session::session(account who)
    : account_(std::move(who)), nick_(account_.nick), user_and_host_(longest_user_and_host) {
  ask_for("echo-message server-time");
  send(output_, "NICK", nick_);
  irc::line_writer user(output_);
  user.command("USER").parameter("pentad").parameter("0").parameter("*");
  user.text(account_.real_name).end();
}

std::optional<news> session::hear(std::string_view text, instant now) {
  probed_ = false;
  const auto line = irc::parse(text, tolerated);
  if (!line) return std::nullopt;
  std::optional<news> heard = hear_command(*line);
  if (heard) {
    const auto time = irc::find_tag(line->tags, "time");
    if (time) heard->at = parse_server_time(*time);
  }
  advance(now);
  return heard;
}

void session::advance(instant now) {
  while (!unanswered_.empty() && later(unanswered_.front().sent, patience) <= now) {
    unanswered_.pop_front();
    ++failed_;
  }
  send_waiting(now);
}

bool session::probe() {
  if (probed_) return false;
  probed_ = true;
  send(output_, "PING", "pentad");
  return true;
}

bool session::say(std::string_view target, std::string_view text, instant now) {
  if (!is_utf8(text)) {
    ++failed_;
    return false;
  }
  std::string clean(text);
  const auto breaks_line = [](char c) { return c == '\0' || c == '\r' || c == '\n'; };
  std::ranges::replace_if(clean, breaks_line, ' ');
  for (std::string_view rest = clean; !rest.empty();) {
    const std::string_view piece = take_piece(rest, room_for(target));
    waiting_.push_back({std::string(target), std::string(piece), {}});
  }
  send_waiting(now);
  return true;
}

void session::join(std::string_view channel) {
  irc::line_writer(output_).command("JOIN").parameter(channel).end();
}

void session::part(std::string_view channel, std::string_view reason) {
  irc::line_writer line(output_);
  line.command("PART").parameter(channel);
  if (!reason.empty()) line.text(reason);
  line.end();
}

void session::ask_names(std::string_view channel) {
  irc::line_writer(output_).command("NAMES").parameter(channel).end();
}

void session::change_nick(std::string_view nick) { send(output_, "NICK", nick); }

void session::quit(std::string_view reason) {
  if (std::exchange(quitting_, true)) return;
  send(output_, "QUIT", reason);
}

bool session::is_on(std::string_view channel) const noexcept {
  return std::ranges::any_of(
      channels_, [&](const std::string& each) { return irc::same_name(each, channel); });
}

std::optional<news> session::hear_command(const irc::message& line) {
  const std::string_view command = line.command;
  if (is_numeric(command)) return hear_numeric(line);
  if (command == "PING") {
    send(output_, "PONG", last(line.parameters));
    return std::nullopt;
  }
  if (command == "CAP") {
    hear_capabilities(line);
    return std::nullopt;
  }
  if (command == "PRIVMSG" || command == "NOTICE") return hear_message(line);
  if (command == "JOIN") return hear_move(line, kind::join);
  if (command == "PART") return hear_move(line, kind::part);
  if (command == "KICK") return hear_move(line, kind::kick);
  if (command == "QUIT") return hear_move(line, kind::quit);
  if (command == "NICK") return hear_move(line, kind::nick);
  if (command == "TOPIC") return hear_move(line, kind::topic);
  if (command == "ERROR") {
    return news{.what = kind::farewell, .text = std::string(last(line.parameters))};
  }
  if (command == "FAIL") {  // IRCv3 "Standard Replies"
    if (line.parameters.get(0) == "PRIVMSG") refused({});
    return news{.what = kind::refusal, .text = std::string(last(line.parameters))};
  }
  if (command == "PONG") return std::nullopt;
  return information(std::string(nick_of(line.source)) + ": " + std::string(command) + " " +
                     joined(line.parameters, 0));
}

std::optional<news> session::hear_numeric(const irc::message& line) {
  const std::string_view numeric = line.command;
  const irc::parameter_list& parameters = line.parameters;
  if (numeric == "001") {
    registered_ = true;
    nick_ = parameters.get(0);
    if (!account_.channel.empty()) join(account_.channel);
    return news{.what = kind::welcome, .who = nick_, .text = std::string(last(parameters))};
  }
  if (numeric == "332") {
    return news{.what = kind::topic,
                .where = std::string(parameters.get(1)),
                .text = std::string(last(parameters))};
  }
  if (numeric == "353") {
    return news{.what = kind::names,
                .where = std::string(parameters.get(2)),
                .text = std::string(last(parameters))};
  }
  if (numeric == "433" || numeric == "436" || numeric == "437") return hear_taken_nick(line);
  if (numeric[0] == '4' || numeric[0] == '5') return hear_refusal(line);
  // What greets everybody and is read by nobody: versions, limits, how crowded it is.
  if (is_one_of(numeric, {"002", "003", "004", "005", "250", "251", "252", "253", "254", "255",
                          "265", "266", "333", "366", "375", "376"})) {
    return std::nullopt;
  }
  return information(joined(parameters, 1));
}

std::optional<news> session::hear_taken_nick(const irc::message& line) {
  if (registered_) return hear_refusal(line);
  if (nicks_tried_ == other_nicks) {
    rejected_ = true;
    return news{.what = kind::refusal,
                .where = account_.nick,
                .text = "this nick and others like it are taken; choose another with --nick"};
  }
  ++nicks_tried_;
  const std::string taken = std::exchange(nick_, nick_ + "_");
  send(output_, "NICK", nick_);
  return information(taken + " is taken, trying " + nick_);
}

std::optional<news> session::hear_refusal(const irc::message& line) {
  const std::string_view numeric = line.command;
  const irc::parameter_list& parameters = line.parameters;
  if (numeric == "422") return std::nullopt;  // there is no message of the day
  if (is_one_of(numeric, {"401", "403", "404", "407", "442"})) refused(parameters.get(1));
  if (is_one_of(numeric, {"411", "412", "413", "414", "417"})) refused({});
  // Servers that know no capabilities say so and go on.
  if (!registered_ && is_one_of(numeric, {"410", "421", "451"})) return std::nullopt;
  if (!registered_) rejected_ = true;
  return news{.what = kind::refusal,
              .where = parameters.size() > 2 ? std::string(parameters[1]) : std::string(),
              .text = std::string(last(parameters))};
}

news session::hear_message(const irc::message& line) {
  news heard{.what = line.command == "NOTICE" ? kind::notice : kind::message,
             .who = std::string(nick_of(line.source)),
             .where = std::string(line.parameters.get(0)),
             .text = std::string(line.parameters.get(1))};
  heard.own = irc::same_name(heard.who, nick_);
  if (heard.own && heard.what == kind::message) answered(heard.where, heard.text);

  constexpr char marker = '\x01';  // of the Client-To-Client Protocol
  if (heard.text.starts_with(marker)) {
    std::string_view inside = std::string_view(heard.text).substr(1);
    if (inside.ends_with(marker)) inside.remove_suffix(1);
    constexpr std::string_view action = "ACTION ";
    const bool is_action = inside.starts_with(action);
    heard.what = is_action ? kind::action : kind::notice;
    heard.text = std::string(inside.substr(is_action ? action.size() : 0));
  }
  return heard;
}

news session::hear_move(const irc::message& line, news::kind what) {
  news heard{.what = what, .who = std::string(nick_of(line.source))};
  heard.own = irc::same_name(heard.who, nick_);
  const bool has_place = what != kind::quit && what != kind::nick;
  if (has_place) heard.where = line.parameters.get(0);
  heard.text = line.parameters.get(has_place ? 1 : 0);
  if (what == kind::kick) {
    heard.who = line.parameters.get(1);
    heard.own = irc::same_name(heard.who, nick_);
    heard.text = line.parameters.get(2);
  }
  if (!heard.own) return heard;

  const auto is_here = [&](const std::string& each) { return irc::same_name(each, heard.where); };
  if (what == kind::join && !is_on(heard.where) && channels_.size() < most_channels) {
    channels_.push_back(heard.where);
  }
  if (what == kind::part || what == kind::kick) std::erase_if(channels_, is_here);
  if (what == kind::nick) nick_ = heard.text;
  if (what == kind::join) user_and_host_ = line.source.size() - heard.who.size();
  return heard;
}

/// `CAP * ACK :echo-message server-time`
void session::hear_capabilities(const irc::message& line) {
  const std::string_view answer = line.parameters.get(1);
  const bool granted = answer == "ACK";
  if ((!granted && answer != "NAK") || capability_answers_ == 0) return;
  --capability_answers_;
  std::string_view names = last(line.parameters);
  const bool refused_together = !granted && names.find(' ') != names.npos && !asked_one_by_one_;
  if (refused_together) asked_one_by_one_ = true;
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(' '));
    names.remove_prefix(std::min(name.size() + 1, names.size()));
    if (granted && name == "echo-message") echoes_ = true;
    if (refused_together && !name.empty()) ask_for(name);
  }
  if (capability_answers_ == 0 && !registered_)
    irc::line_writer(output_).command("CAP").parameter("END").end();
}

void session::ask_for(std::string_view capabilities) {
  irc::line_writer(output_).command("CAP").parameter("REQ").text(capabilities).end();
  ++capability_answers_;
}

/// The echo of one message. Servers answer in order: those before it get none any more.
void session::answered(std::string_view target, std::string_view text) {
  const auto said = std::ranges::find_if(unanswered_, [&](const letter& each) {
    return each.text == text && irc::same_name(each.target, target);
  });
  if (said == unanswered_.end()) return;
  failed_ += static_cast<std::size_t>(said - unanswered_.begin());
  unanswered_.erase(unanswered_.begin(), said + 1);
}

/// The first message to `target`, or the first of all if that is empty, has been refused.
void session::refused(std::string_view target) {
  const auto said = std::ranges::find_if(unanswered_, [&](const letter& each) {
    return target.empty() || irc::same_name(each.target, target);
  });
  if (said == unanswered_.end()) return;
  unanswered_.erase(said);
  ++failed_;
}

/// Bytes of text that reach others whole: `:SOURCE PRIVMSG TARGET :TEXT` is a line of the protocol.
std::size_t session::room_for(std::string_view target) const noexcept {
  constexpr std::string_view rest = ": PRIVMSG  :\r\n";
  constexpr std::size_t least = 16;
  const std::size_t used = rest.size() + nick_.size() + user_and_host_ + target.size();
  return std::max(irc::from_server.line, used + least) - used;
}

void session::send_waiting(instant now) {
  if (!registered_) return;
  while (!waiting_.empty() && unanswered_.size() < window) {
    letter& next = waiting_.front();
    irc::line_writer(output_).command("PRIVMSG").parameter(next.target).text(next.text).end();
    next.sent = now;
    if (echoes_) unanswered_.push_back(std::move(next));
    waiting_.pop_front();
  }
}

}  // namespace pentad::messenger::chat
