// A person's session on a messaging server, without its socket: lines and time come in, lines and
// news go out. It registers, joins, answers PING, and sends no faster than the server answers.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/messenger/chat/news.hpp"
#include "apps/messenger/irc/message.hpp"
#include "pentad/base/clock.hpp"

namespace pentad::messenger::chat {

struct account {
  std::string nick;
  std::string real_name;
  std::string channel;  ///< to join at once; empty: none
};

class session {
 public:
  /// Messages that may wait for their echo at a time: fewer than servers take in one go.
  static constexpr std::size_t window = 4;
  /// How long the server has for an echo.
  static constexpr duration patience = std::chrono::seconds{30};
  /// Other nicks to try when the one of the account is taken, by adding `_`.
  static constexpr int other_nicks = 4;

  explicit session(account who);

  // What comes from the server

  /// A line without its end, and what is new because of it.
  std::optional<news> hear(std::string_view line, instant now);

  /// Gives up messages that have waited too long for their echo.
  void advance(instant now);

  /// Nothing has come for long: asks whether the server is there. False if it was asked already.
  bool probe();

  // What the person does

  /// Text for a channel or a person, of any length. NUL, CR and LF become spaces. False if it is
  /// not UTF-8; then it counts as failed.
  bool say(std::string_view target, std::string_view text, instant now);

  void join(std::string_view channel);
  void part(std::string_view channel, std::string_view reason);
  void ask_names(std::string_view channel);
  void change_nick(std::string_view nick);
  void quit(std::string_view reason);

  // How things are

  /// Lines for the server. Whoever sends them takes them out.
  std::string& output() noexcept { return output_; }

  const std::string& nick() const noexcept { return nick_; }
  bool registered() const noexcept { return registered_; }

  /// The server takes nobody of this account; the last news says why.
  bool rejected() const noexcept { return rejected_; }
  bool quitting() const noexcept { return quitting_; }

  bool is_on(std::string_view channel) const noexcept;

  /// The server sends back what is said, which tells that it has arrived.
  bool echoes() const noexcept { return echoes_; }

  /// Messages, a long one in its pieces, that are not sent or whose echo has not come.
  std::size_t unfinished() const noexcept { return waiting_.size() + unanswered_.size(); }
  /// Those of them that are not sent.
  std::size_t unsent() const noexcept { return waiting_.size(); }
  /// Messages that were refused, or whose echo did not come.
  std::size_t failed() const noexcept { return failed_; }

 private:
  struct letter {
    std::string target;
    std::string text;
    instant sent;
  };

  std::optional<news> hear_command(const irc::message& line);
  std::optional<news> hear_numeric(const irc::message& line);
  std::optional<news> hear_refusal(const irc::message& line);
  std::optional<news> hear_taken_nick(const irc::message& line);
  news hear_message(const irc::message& line);
  news hear_move(const irc::message& line, news::kind what);
  void hear_capabilities(const irc::message& line);

  void ask_for(std::string_view capabilities);
  void answered(std::string_view target, std::string_view text);
  void refused(std::string_view target);
  std::size_t room_for(std::string_view target) const noexcept;
  void send_waiting(instant now);

  account account_;
  std::string nick_;
  std::vector<std::string> channels_;
  std::string output_;
  std::deque<letter> waiting_;
  std::deque<letter> unanswered_;
  std::size_t failed_ = 0;
  std::size_t user_and_host_;   // bytes that the server adds to the nick: `!user@host`
  int capability_answers_ = 0;  // still to come
  bool asked_one_by_one_ = false;
  int nicks_tried_ = 0;
  bool echoes_ = false;
  bool registered_ = false;
  bool rejected_ = false;
  bool quitting_ = false;
  bool probed_ = false;
};

}  // namespace pentad::messenger::chat
