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

A configuration file is TOML, all of it optional; pentad.example.toml has every
key with its default and what it means. SIGHUP, and REHASH from an operator,
read it again: what changed is printed, and a file that is wrong changes nothing.

Examples:
  pentad serve
  pentad serve --listen 0.0.0.0:6667 --listen '[::1]:6667'
  pentad serve --check-config /etc/pentad.toml
  pentad serve --config /etc/pentad.toml

Exit status: 0 ended by a signal, or the checked file is right; 1 it could not
listen; 2 usage or a wrong configuration.)";

struct serve_arguments {
  std::vector<std::string> listen;
  std::string file;
  std::string checked;
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

/// What is wrong with a file goes where a program's messages go, as compilers have it.
int check(const std::string& file) {
  const auto read = messenger::load_configuration(file);
  if (!read) say(to_string(read.error()));
  return read ? exit_done : exit_usage;
}

task<int> serve_program(host& here, serve_arguments& arguments) {
  if (!arguments.checked.empty()) co_return check(arguments.checked);
  if (!configure(arguments)) co_return exit_usage;
  co_return co_await messenger::serve(
      here, {&arguments.settings, say, arguments.file, !arguments.listen.empty()});
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
  command
      .add_option("--check-config", arguments->checked, "say what is wrong with a file, and end")
      ->type_name("FILE");
  command.footer(manual);
  line.on_host(command, [arguments](host& here) { return serve_program(here, *arguments); });
}

}  // namespace pentad::command
