// pentad demo: two hosts, two people, a message each way.

#include "apps/messenger/demo/demo.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>

#include "apps/pentad/command.hpp"
#include "pentad/hosts/host_text.hpp"

namespace pentad::command {
namespace {

constexpr const char* native = "native";

constexpr const char* manual =
    R"(Makes two hosts on this machine, A and B: network namespaces that are joined by a veth pair, so
that nothing of the machine's own network is touched; no rights are needed where user namespaces
are allowed. A messaging server and Bob's chat run on B, Alice's chat runs on A. They exchange a
message each way, and the demo prints every step of the sockets with what it returned.

With --stack native nothing of Linux's network is used: both hosts are in this process, each on
Pentad's own stack, and the cable between them is memory.

Examples:
  pentad demo
  pentad demo --stack kernel:epoll
  pentad demo --stack native

Exit status: 0 both messages arrived, 1 they did not, 2 usage, 124 it took too long.)";

std::string check_stack(const std::string& text) {
  if (text == native || host_text::parse(text)) return {};
  return "'" + text +
         "' is not a stack for two hosts: kernel, kernel:uring, kernel:epoll or native";
}

}  // namespace

void add_demo(CLI::App& app, command_line& line) {
  const auto stack = std::make_shared<std::string>();
  CLI::App& command = *app.add_subcommand("demo", "two hosts and a message each way, explained");
  command
      .add_option("--stack", *stack,
                  "whose network stack: kernel, kernel:uring, kernel:epoll or native, Pentad's own")
      ->type_name("STACK")
      ->check(CLI::Validator(check_stack, ""))
      ->default_val("kernel");
  command.footer(manual);
  line.plainly(command, [stack] {
    return *stack == native ? messenger::demo::run_in_one_process() : messenger::demo::run(*stack);
  });
}

}  // namespace pentad::command
