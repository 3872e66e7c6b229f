// pentad serve: the messaging server.

#include "apps/messenger/server/serve.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <vector>

#include "apps/pentad/command.hpp"

namespace pentad::command {
namespace {

constexpr std::string_view subcommand = "serve";

constexpr const char* manual =
    R"(Serves the Internet Relay Chat protocol to any IRC client and to `pentad chat`.
Each address it listens on is printed to standard error, with the port that was
chosen for port 0. SIGINT or SIGTERM ends it: every client is told, and it is
gone within two seconds.

A configuration file is TOML, all of it optional:

  [server]
  name = "irc.example.org"      # with a dot
  network = "Example"
  description = "A Pentad messaging server"
  password = ""                 # that clients must give
  motd = "Welcome."             # may have many lines
  listen = ["127.0.0.1:6667"]   # --listen replaces these

  [limits]
  clients = 10000
  channels_per_client = 50
  line_length = 512             # bytes, as all lengths
  tag_length = 4094
  nick_length = 30
  channel_length = 64
  topic_length = 390
  send_queue = 1048576          # bytes that a client has not read
  registration_timeout = 30     # seconds
  ping_timeout = 120            # seconds of silence
  message_burst = 5             # messages at once, then
  messages_per_second = 2       # 0: without a limit

Examples:
  pentad serve
  pentad serve --listen 0.0.0.0:6667 --listen '[::1]:6667'
  pentad serve --config /etc/pentad.toml

Exit status: 0 ended by a signal, 1 it could not listen, 2 usage or a wrong
configuration.)";

struct serve_arguments {
  std::vector<std::string> listen;
  std::string file;
  messenger::configuration settings;
};

/// What the file and then the command line say, into `settings`; false when the file is wrong.
bool configure(serve_arguments& arguments) {
  if (!arguments.file.empty()) {
    auto read = messenger::load_configuration(arguments.file);
    if (!read) {
      complain(subcommand, to_string(read.error()));
      return false;
    }
    arguments.settings = std::move(*read);
  }
  if (!arguments.listen.empty()) arguments.settings.listen = arguments.listen;
  return true;
}

task<int> serve_program(host& here, serve_arguments& arguments) {
  if (!configure(arguments)) co_return exit_usage;
  co_return co_await messenger::serve(here, {&arguments.settings, say});
}

}  // namespace

void add_serve(CLI::App& app, command_line& line) {
  const auto arguments = std::make_shared<serve_arguments>();
  CLI::App& command = *app.add_subcommand(std::string(subcommand), "run a messaging server (IRC)");
  command.add_option("--listen,-l", arguments->listen, "where to listen, as often as you like")
      ->type_name("HOST:PORT")
      ->take_all()
      ->default_str("127.0.0.1:6667");
  command.add_option("--config,-c", arguments->file, "a configuration file")->type_name("FILE");
  command.footer(manual);
  line.on_host(command, [arguments](host& here) { return serve_program(here, *arguments); });
}

}  // namespace pentad::command
