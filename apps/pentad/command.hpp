// How a subcommand plugs into `pentad`: it declares its options, help and examples with CLI11, and
// leaves what to run when it is called.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "pentad/runtime/task.hpp"
#include "pentad/socket/host.hpp"

namespace CLI {
class App;
}

namespace pentad::command {

// What a command ends with.
inline constexpr int exit_done = 0;
inline constexpr int exit_failed = 1;  ///< the network, the peer or a file failed
inline constexpr int exit_usage = 2;   ///< it was not called as its help says
inline constexpr int exit_timed_out = 124;

/// What the command line asks for, filled in while CLI11 parses it.
class command_line {
 public:
  /// When `subcommand` is called: makes the host that its option `--stack`, which is added here,
  /// describes, runs `program` on it and ends with its value.
  void on_host(CLI::App& subcommand, std::function<task<int>(host&)> program);

  /// When `subcommand` is called: calls `program` and ends with its value.
  void plainly(CLI::App& subcommand, std::function<int()> program);

  /// Whether a subcommand was called.
  explicit operator bool() const noexcept { return static_cast<bool>(program_); }

  int run() const { return program_(); }

 private:
  std::function<int()> program_;
};

/// Runs `program` on a host of Linux's stack, which `stack` describes (see `host_text`). Complains
/// if there can be none.
int run_on_linux(std::string_view subcommand, const std::string& stack,
                 const std::function<task<int>(host&)>& program);

/// Writes the line `pentad SUBCOMMAND: WHAT` to standard error.
void complain(std::string_view subcommand, std::string_view what);

/// Writes a line to standard error.
void say(std::string_view what);

// The subcommands, each in a file of its name.
void add_listen(CLI::App& app, command_line& line);
void add_connect(CLI::App& app, command_line& line);
void add_path(CLI::App& app, command_line& line);
void add_serve(CLI::App& app, command_line& line);
void add_chat(CLI::App& app, command_line& line);
void add_flows(CLI::App& app, command_line& line);
void add_bench(CLI::App& app, command_line& line);
void add_demo(CLI::App& app, command_line& line);
void add_ping(CLI::App& app, command_line& line);
void add_trace(CLI::App& app, command_line& line);
void add_capture(CLI::App& app, command_line& line);

}  // namespace pentad::command
