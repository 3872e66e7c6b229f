// pentad demo: two hosts, two people, a message each way.

#include "apps/messenger/demo/demo.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "apps/pentad/command.hpp"

namespace pentad::command {
namespace {

constexpr const char* manual =
    R"(Makes two hosts on this machine, A and B: network namespaces that are joined by a veth pair, so
that nothing of the machine's own network is touched; no rights are needed where user namespaces
are allowed. A messaging server and Bob's chat run on B, Alice's chat runs on A. They exchange a
message each way, and the demo prints every step of the sockets with what it returned.

Examples:
  pentad demo
  pentad demo --stack kernel:epoll

Exit status: 0 both messages arrived, 1 they did not, 2 usage, 124 it took too long.)";

}  // namespace

void add_demo(CLI::App& app, command_line& line) {
  const auto stack = std::make_shared<std::string>();
  CLI::App& command = *app.add_subcommand("demo", "two hosts and a message each way, explained");
  add_stack_option(command, *stack);
  command.footer(manual);
  line.plainly(command, [stack] { return messenger::demo::run(*stack); });
}

}  // namespace pentad::command
