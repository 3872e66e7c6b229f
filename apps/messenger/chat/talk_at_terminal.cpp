#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "apps/messenger/chat/carrier.hpp"
#include "apps/messenger/chat/clock.hpp"
#include "apps/messenger/chat/line_editor.hpp"
#include "apps/messenger/chat/screen.hpp"
#include "apps/messenger/chat/talk.hpp"
#include "apps/messenger/chat/user_command.hpp"
#include "apps/messenger/chat/wording.hpp"
#include "apps/messenger/irc/casemapping.hpp"
#include "apps/pentad/command.hpp"
#include "apps/pentad/standard_streams.hpp"
#include "apps/terminal/dimensions.hpp"
#include "apps/terminal/key_reader.hpp"
#include "apps/terminal/printable.hpp"
#include "apps/terminal/raw_terminal.hpp"
#include "apps/terminal/stop_process.hpp"
#include "pentad/runtime/scope.hpp"
#include "pentad/runtime/signal_set.hpp"

namespace pentad::messenger::chat {

using terminal::key;
using terminal::key_kind;
using terminal::printable;
namespace {

/// Pieces of messages that wait because the server is slow: more are not taken.
constexpr std::size_t most_unsent = 100;

class terminal_talk final : public observer {
 public:
  terminal_talk(host& here, stream_socket socket, const account& who)
      : here_(here),
        socket_(std::move(socket)),
        session_(who),
        carrier_(here, socket_, session_, *this) {}

  task<int> run();

 private:
  void heard(const news& what) override;
  task<> caught_up() override;

  task<> take_keys();
  task<> take_signals();
  task<> press(const key& pressed);
  void enter(std::string_view line);
  void act(const user_command& command);
  void say(std::string_view target, std::string_view text);
  void leave(std::string_view reason);
  task<> end_soon();
  task<> suspend();
  task<> show();
  void hint(std::string_view text);
  int judge(const result<void>& connection) const;

  host& here_;
  stream_socket socket_;
  session session_;
  carrier carrier_;
  scope* all_ = nullptr;         // what runs until the person leaves
  std::string place_;            // the channel that is talked to; empty: none
  std::size_t told_failed_ = 0;  // failed messages that the person knows of

  signal_set signals_{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH};
  terminal::raw_terminal terminal_{STDIN_FILENO};
  command::input_stream input_{STDIN_FILENO};
  command::output_stream output_{STDOUT_FILENO};
  terminal::display_width width_;
  terminal::key_reader keys_;
  line_editor typed_{width_};
  screen screen_{width_, typed_};
};

task<int> terminal_talk::run() {
  screen_.resize(terminal::dimensions_of(STDIN_FILENO).columns);
  if (const std::optional<five_tuple> tuple = socket_.tuple()) {
    hint("connected: " + to_string(*tuple));
  }
  hint("/help shows what can be done here");
  co_await show();
  result<void> ended;
  co_await in_scope([&](scope& all) -> task<> {
    all_ = &all;
    all.spawn(take_keys());
    all.spawn(take_signals());
    ended = co_await carrier_.run();
    all.cancel();
  });
  const std::string last = screen_.leave();
  static_cast<void>(co_await output_.write(std::as_bytes(std::span(last))));
  terminal_.leave();
  co_return judge(ended);
}

void terminal_talk::heard(const news& what) {
  if (what.what == news::kind::farewell && session_.quitting()) return;
  if (what.what == news::kind::refusal) told_failed_ = session_.failed();  // it says which
  screen_.print(wording(what, wall_clock(), colours::on));
  if (!what.own) return;
  const bool here = irc::same_name(what.where, place_);
  if (what.what == news::kind::join) place_ = what.where;
  if (here && (what.what == news::kind::part || what.what == news::kind::kick)) place_.clear();
}

task<> terminal_talk::caught_up() {
  if (const std::size_t failed = session_.failed(); failed != told_failed_) {
    told_failed_ = failed;
    hint("a message was not delivered");
  }
  co_await show();
  if (session_.rejected()) all_->cancel();
}

task<> terminal_talk::take_keys() {
  std::array<char, 512> buffer;
  for (;;) {
    const result<std::size_t> size =
        co_await input_.read(std::as_writable_bytes(std::span(buffer)));
    // Linux ends a poll request of io_uring so when the modes of the terminal change under it.
    if (!size && size.error() == std::errc::invalid_argument) continue;
    if (!size && size.error() == std::errc::operation_canceled) co_return;
    if (!size || *size == 0) co_return leave({});  // the terminal is gone
    keys_.feed({buffer.data(), *size});
    while (const std::optional<key> pressed = keys_.next()) co_await press(*pressed);
    co_await show();
  }
}

task<> terminal_talk::press(const key& pressed) {
  switch (pressed.kind) {
    case key_kind::interrupt:
      leave({});
      break;
    case key_kind::end_of_input:
      if (typed_.empty()) leave({});
      break;
    case key_kind::suspend:
      co_await suspend();
      break;
    case key_kind::redraw:
      screen_.clear();
      break;
    default:
      break;
  }
  if (const std::optional<std::string> line = typed_.press(pressed)) enter(*line);
}

void terminal_talk::enter(std::string_view line) {
  const user_command command = parse_user_command(line);
  using verb = user_command::verb;
  switch (command.what) {
    case verb::quit:
      return leave(command.text);
    case verb::help:
      return hint(user_command_help());
    case verb::unknown:
      return hint("/" + std::string(command.target) + " is no command; see /help");
    case verb::incomplete:
      return hint("it is: " + std::string(command.text));
    default:
      if (session_.registered()) return act(command);
      hint("not connected yet");
  }
}

void terminal_talk::act(const user_command& command) {
  using verb = user_command::verb;
  const std::string channel = command.target.empty() ? place_ : channel_name(command.target);
  switch (command.what) {
    case verb::say:
      if (command.text.empty()) return;
      if (place_.empty()) return hint("you are on no channel: /join CHANNEL or /msg NICK TEXT");
      say(place_, command.text);
      break;
    case verb::message:
      say(command.target, command.text);
      break;
    case verb::join:
      if (session_.is_on(channel)) {
        place_ = channel;
      } else {
        session_.join(channel);
      }
      break;
    case verb::part:
    case verb::names:
      if (channel.empty()) return hint("you are on no channel");
      if (command.what == verb::part) {
        session_.part(channel, command.text);
      } else {
        session_.ask_names(channel);
      }
      break;
    case verb::nick:
      session_.change_nick(command.target);
      break;
    default:
      break;
  }
  carrier_.wake();
}

void terminal_talk::say(std::string_view target, std::string_view text) {
  if (session_.unsent() >= most_unsent) {
    return hint("the server is slow and much waits for it; this was not sent");
  }
  session_.say(target, text, here_.now());
  if (session_.echoes()) return;
  const news said{.what = news::kind::message,
                  .who = session_.nick(),
                  .where = std::string(target),
                  .text = std::string(text),
                  .own = true};
  screen_.print(wording(said, wall_clock(), colours::on));
}

/// Tells the server, and waits for it to end the connection; not twice, and not for long.
void terminal_talk::leave(std::string_view reason) {
  if (session_.quitting()) return all_->cancel();
  session_.quit(reason);
  carrier_.wake();
  all_->spawn(end_soon());
}

task<> terminal_talk::end_soon() {
  static_cast<void>(co_await here_.sleep(farewell_time));
  all_->cancel();
}

task<> terminal_talk::take_signals() {
  for (;;) {
    const result<int> signal = co_await signals_.next();
    if (!signal) co_return;
    switch (*signal) {
      case SIGTSTP:
        co_await suspend();
        break;
      case SIGCONT:
        terminal_.enter();
        break;
      case SIGWINCH:
        break;
      default:
        leave({});
    }
    screen_.resize(terminal::dimensions_of(STDIN_FILENO).columns);
    co_await show();
  }
}

/// Gives the terminal back and stops the process, as Ctrl-Z usually does.
task<> terminal_talk::suspend() {
  const std::string last = screen_.leave();
  static_cast<void>(co_await output_.write(std::as_bytes(std::span(last))));
  terminal_.leave();
  terminal::stop_process();
  terminal_.enter();
}

task<> terminal_talk::show() {
  screen_.set_prompt("[" + printable(session_.nick()) + (place_.empty() ? "" : " ") +
                     printable(place_) + "] ");
  const std::string bytes = screen_.draw();
  static_cast<void>(co_await output_.write(std::as_bytes(std::span(bytes))));
}

/// Says something to the person that comes from nobody else: one line or several.
void terminal_talk::hint(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    screen_.print("-- " + std::string(line));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
}

int terminal_talk::judge(const result<void>& connection) const {
  if (session_.quitting()) return command::exit_done;
  if (session_.rejected()) return command::exit_failed;  // and the screen says why
  command::complain("chat", connection ? "the server ended the connection"
                                       : "the connection broke: " + connection.error().message());
  return command::exit_failed;
}

}  // namespace

task<int> talk_at_terminal(host& here, stream_socket socket, const account& who) {
  terminal_talk talk(here, std::move(socket), who);
  co_return co_await talk.run();
}

}  // namespace pentad::messenger::chat
