#include <unistd.h>

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "apps/messenger/chat/carrier.hpp"
#include "apps/messenger/chat/clock.hpp"
#include "apps/messenger/chat/input_lines.hpp"
#include "apps/messenger/chat/talk.hpp"
#include "apps/messenger/chat/wording.hpp"
#include "apps/messenger/irc/casemapping.hpp"
#include "apps/pentad/command.hpp"
#include "apps/pentad/standard_streams.hpp"
#include "apps/terminal/printable.hpp"
#include "pentad/runtime/scope.hpp"

namespace pentad::messenger::chat {

using terminal::printable;
namespace {

class piped_talk final : public observer {
 public:
  piped_talk(host& here, stream_socket socket, const account& who)
      : here_(here),
        socket_(std::move(socket)),
        channel_(who.channel),
        session_(who),
        carrier_(here, socket_, session_, *this) {}

  task<int> run();

 private:
  void heard(const news& what) override;
  task<> caught_up() override;

  task<> send_input(scope& all);
  task<bool> arrive();
  task<> read_and_say();
  task<> show();
  int judge(const result<void>& connection) const;

  host& here_;
  stream_socket socket_;
  const std::string channel_;
  session session_;
  carrier carrier_;
  command::input_stream input_{STDIN_FILENO};
  command::output_stream output_{STDOUT_FILENO};
  std::string text_;  // for the output
  event progress_;
  bool turned_away_ = false;
  bool input_failed_ = false;
  bool finished_ = false;  // all has been said and answered
};

task<int> piped_talk::run() {
  if (const std::optional<five_tuple> tuple = socket_.tuple()) {
    text_ = "connected: " + to_string(*tuple) + "\n";
  }
  co_await show();
  result<void> ended;
  co_await in_scope([&](scope& all) -> task<> {
    all.spawn(send_input(all));
    ended = co_await carrier_.run();
    all.cancel();
  });
  co_return judge(ended);
}

void piped_talk::heard(const news& what) {
  const bool about_channel = irc::same_name(what.where, channel_);
  if (what.what == news::kind::refusal && about_channel && !session_.is_on(channel_)) {
    turned_away_ = true;
  }
  const bool bad = what.what == news::kind::refusal || what.what == news::kind::farewell;
  if (bad && !session_.quitting()) {
    command::complain(
        "chat", (what.where.empty() ? "" : printable(what.where) + ": ") + printable(what.text));
  } else if (!bad) {
    text_.append(wording(what, wall_clock())).append("\n");
  }
}

task<> piped_talk::caught_up() {
  progress_.set();
  co_await show();
}

task<> piped_talk::show() {
  const std::string text = std::exchange(text_, {});
  if (!text.empty()) static_cast<void>(co_await output_.write(std::as_bytes(std::span(text))));
}

task<> piped_talk::send_input(scope& all) {
  const bool arrived = co_await arrive();
  if (arrived) {
    co_await read_and_say();
    while (session_.unfinished() > 0) {
      const result<void> more = co_await progress_.wait();
      if (!more) co_return;
    }
    finished_ = true;
  }
  session_.quit({});
  carrier_.wake();
  static_cast<void>(co_await here_.sleep(farewell_time));
  all.cancel();
}

/// Waits until it is on the channel. False if that is not to be.
task<bool> piped_talk::arrive() {
  while (!session_.is_on(channel_)) {
    const result<void> more = co_await progress_.wait();
    if (!more) co_return false;
    if (session_.rejected() || turned_away_) co_return false;
  }
  if (session_.echoes()) co_return true;
  command::complain("chat",
                    "this server does not confirm messages (it lacks the capability echo-message),"
                    " so nothing was sent");
  co_return false;
}

task<> piped_talk::read_and_say() {
  input_lines lines;
  std::array<char, 4096> buffer;
  for (bool more = true; more;) {
    const result<std::size_t> size =
        co_await input_.read(std::as_writable_bytes(std::span(buffer)));
    if (!size) {
      input_failed_ = true;
      co_return;
    }
    more = *size > 0;
    lines.feed({buffer.data(), *size});
    if (!more) lines.finish();
    while (const std::optional<std::string> line = lines.next()) {
      if (!session_.say(channel_, *line, here_.now())) {
        command::complain("chat", "a line that is not UTF-8 was not sent");
      }
      carrier_.wake();
      while (session_.unsent() > 0) {
        const result<void> answered = co_await progress_.wait();
        if (!answered) co_return;
      }
    }
  }
}

int piped_talk::judge(const result<void>& connection) const {
  const bool left = session_.quitting();
  if (!left) {
    command::complain("chat", connection ? "the server ended the connection"
                                         : "the connection broke: " + connection.error().message());
  }
  if (input_failed_) command::complain("chat", "cannot read standard input");
  const std::size_t lost = session_.failed() + session_.unfinished();
  if (lost > 0) {
    command::complain("chat", std::to_string(lost) +
                                  (lost == 1 ? " message was" : " messages were") +
                                  " not confirmed by the server");
  }
  return finished_ && lost == 0 && !input_failed_ ? command::exit_done : command::exit_failed;
}

}  // namespace

task<int> talk_from_pipe(host& here, stream_socket socket, const account& who) {
  piped_talk talk(here, std::move(socket), who);
  co_return co_await talk.run();
}

}  // namespace pentad::messenger::chat
