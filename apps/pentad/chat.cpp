// pentad chat: talking to others on a messaging server.

#include <CLI/CLI.hpp>
#include <pwd.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "apps/messenger/chat/talk.hpp"
#include "apps/messenger/chat/user_command.hpp"
#include "apps/messenger/irc/names.hpp"
#include "apps/pentad/advice.hpp"
#include "apps/pentad/command.hpp"
#include "pentad/base/service_address.hpp"

namespace pentad::command {
namespace {

using std::chrono_literals::operator""s;

constexpr std::string_view subcommand = "chat";

/// Long enough to notice that no name server answers.
constexpr duration connecting_time = 20s;

constexpr const char* manual =
    R"(At a terminal, type a line and press Enter; /help lists what else can be done.
From a pipe, every line goes to the channel as it is; the command ends when the server has sent
all of them back, which tells that they have arrived.

Examples:
  pentad chat irc://127.0.0.1:6667/lobby
  pentad chat irc://[::1]:6667/lobby --nick alice
  echo 'the build is ready' | pentad chat irc://10.0.0.2:6667/lobby --nick builder

Exit status: 0 done, 1 network failure, no such place, or a line that was not sent back, 2 usage.)";

struct chat_arguments {
  std::string address;
  std::string nick;
};

std::string check_address(const std::string& text) {
  const result<service_address> address = service_address::parse(text);
  if (address && address->scheme == service_scheme::irc) return {};
  return text + " is not an address such as irc://127.0.0.1:6667/lobby";
}

std::string check_nick(const std::string& text) {
  constexpr std::size_t longest = 64;
  if (messenger::irc::is_nick(text, longest)) return {};
  return "'" + text + "' is not a nick: letters, digits and []\\`_^{|}-, no digit or - first";
}

// The name of the person who started the program, without what a nick cannot have.
std::string nick_of_user() {
  const passwd* user = ::getpwuid(::getuid());
  std::string nick = user == nullptr ? "" : user->pw_name;
  for (char& c : nick) {
    if (!messenger::irc::is_nick("x" + std::string(1, c), 2)) c = '_';
  }
  return messenger::irc::is_nick(nick, nick.size()) ? nick : "guest";
}

std::string advice(std::error_code error, const service_address& server) {
  if (error == std::errc::connection_refused) {
    return "No messaging server is there. To start one: pentad serve --listen " +
           std::string(server.host) + ":" + std::to_string(server.port);
  }
  return advice_on_connecting(error, {});
}

task<int> chat(host& here, const chat_arguments& arguments) {
  const service_address server = service_address::parse(arguments.address).value();
  result<stream_socket> socket =
      co_await here.connect(std::string(server.host), server.port).timeout(connecting_time);
  if (!socket) {
    complain(subcommand, explain("cannot reach " + arguments.address, socket.error(),
                                 advice(socket.error(), server)));
    co_return exit_failed;
  }
  const messenger::chat::account who{
      .nick = arguments.nick.empty() ? nick_of_user() : arguments.nick,
      .real_name = "pentad chat",
      .channel = messenger::chat::channel_name(server.channel)};
  if (::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1) {
    co_return co_await talk_at_terminal(here, std::move(*socket), who);
  }
  co_return co_await talk_from_pipe(here, std::move(*socket), who);
}

}  // namespace

void add_chat(CLI::App& app, command_line& line) {
  const auto arguments = std::make_shared<chat_arguments>();
  CLI::App& command =
      *app.add_subcommand(std::string(subcommand), "talk to others on a messaging server");
  command.add_option("ADDRESS", arguments->address, "the server and the channel to join")
      ->type_name("irc://HOST:PORT/CHANNEL")
      ->check(check_address, "", "")
      ->required();
  command
      .add_option("--nick", arguments->nick,
                  "what to be called; your login name by default, with _ added if it is taken")
      ->type_name("NICK")
      ->check(check_nick, "", "");
  command.footer(manual);
  line.on_host(command, [arguments](host& here) { return chat(here, *arguments); });
}

}  // namespace pentad::command
