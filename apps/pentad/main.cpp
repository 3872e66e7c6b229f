// The pentad command: one program with a subcommand for each task.

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include "apps/pentad/command.hpp"
#include "apps/pentad/version.hpp"

namespace pentad::command {
namespace {

constexpr const char* manual =
    R"(`pentad SUBCOMMAND --help` explains a subcommand and gives examples.)";

// Without the remark that CLI11 adds about the number of subcommands.
class formatter final : public CLI::Formatter {
 public:
  std::string make_description(const CLI::App* app) const override {
    return app->get_description() + "\n";
  }
};

// A program that was started with one of them closed would take its first socket for standard
// input.
void open_missing_standard_streams() {
  for (;;) {
    const int opened = ::open("/dev/null", O_RDWR);
    if (opened > STDERR_FILENO) ::close(opened);
    if (opened < 0 || opened > STDERR_FILENO) return;
  }
}

// What was wrong with the arguments, and where the right ones are explained.
int refuse(const CLI::App& app, std::string_view what) {
  std::string name = app.get_name();
  for (const CLI::App* called : app.get_subcommands()) name += " " + called->get_name();
  say(name + ": " + std::string(what) + "\n  See " + name + " --help.");
  return exit_usage;
}

int run(int argc, char** argv) {
  CLI::App app("Pentad: sockets for C++, from program to wire.", "pentad");
  app.formatter(std::make_shared<formatter>());
  app.require_subcommand(0, 1);
  app.footer(manual);
  bool version = false;
  bool verbose = false;
  app.add_flag("--version", version, "print the version");
  app.add_flag("--verbose", verbose, "with --version: the compiler and the network stack, too");

  command_line line;
  add_listen(app, line);
  add_connect(app, line);
  add_path(app, line);
  add_serve(app, line);
  add_chat(app, line);
  add_flows(app, line);
  add_ping(app, line);
  add_trace(app, line);
  add_capture(app, line);
  add_bench(app, line);
  add_demo(app, line);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    return refuse(app, error.what());
  }
  if (version) {
    std::fputs(version_text(verbose).c_str(), stdout);
    return exit_done;
  }
  if (!line) return refuse(app, "a subcommand is missing");
  return line.run();
}

}  // namespace
}  // namespace pentad::command

int main(int argc, char** argv) {
  try {
    pentad::command::open_missing_standard_streams();
    std::signal(SIGPIPE, SIG_IGN);
    return pentad::command::run(argc, argv);
  } catch (const std::exception& error) {
    std::fputs("pentad: ", stderr);
    std::fputs(error.what(), stderr);
    std::fputs("\n", stderr);
    return pentad::command::exit_failed;
  }
}
