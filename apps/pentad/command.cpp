#include "apps/pentad/command.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <utility>

#include "apps/pentad/advice.hpp"
#include "pentad/hosts/host_text.hpp"
#include "pentad/hosts/make_host.hpp"
#include "pentad/hosts/native_text.hpp"

namespace pentad::command {
namespace {

// What is wrong with a text for `make_host`; nothing if it describes a host.
std::string check_stack(const std::string& text) {
  constexpr std::string_view native = "native:";
  const bool sound =
      text.starts_with(native)
          ? native_text::parse(std::string_view(text).substr(native.size())).has_value()
          : host_text::parse(text).has_value();
  return sound ? std::string() : "'" + text + "' does not describe a stack";
}

}  // namespace

void command_line::on_host(CLI::App& subcommand, std::function<task<int>(host&)> program) {
  const auto stack = std::make_shared<std::string>();
  add_stack_option(subcommand, *stack);
  plainly(subcommand, [name = subcommand.get_name(), stack, program = std::move(program)] {
    const std::unique_ptr<host> here = open_host(name, *stack);
    if (!here) return exit_failed;
    return here->run(program(*here)).value_or(exit_failed);
  });
}

void command_line::plainly(CLI::App& subcommand, std::function<int()> program) {
  subcommand.callback([this, program = std::move(program)] { program_ = program; });
}

void add_stack_option(CLI::App& subcommand, std::string& stack) {
  subcommand
      .add_option("--stack", stack,
                  "kernel:uring, kernel:epoll, or kernel for io_uring where it works")
      ->type_name("STACK")
      ->check(CLI::Validator(check_stack, ""))
      ->default_val("kernel");
}

std::unique_ptr<host> open_host(std::string_view subcommand, std::string_view stack) {
  result<std::unique_ptr<host>> made = make_host(stack);
  if (made) return std::move(*made);
  const std::string what = "cannot use the stack " + std::string(stack);
  complain(subcommand, explain(what, made.error(), advice_on_stack(made.error(), stack)));
  return nullptr;
}

void complain(std::string_view subcommand, std::string_view what) {
  say(std::string("pentad ").append(subcommand).append(": ").append(what));
}

// One call for the whole line, so that lines of several programs on one terminal stay whole.
void say(std::string_view what) {
  const std::string line = std::string(what).append("\n");
  static_cast<void>(!::write(STDERR_FILENO, line.data(), line.size()));
}

}  // namespace pentad::command
