// pentad connect: standard input and output joined to a peer that listens.

#include <CLI/CLI.hpp>

#include <memory>
#include <utility>

#include "apps/pentad/advice.hpp"
#include "apps/pentad/command.hpp"
#include "apps/pentad/conversation.hpp"
#include "apps/pentad/service.hpp"
#include "apps/pentad/stream_arguments.hpp"

namespace pentad::command {
namespace {

constexpr std::string_view subcommand = "connect";

constexpr const char* manual =
    R"(Sends standard input to the peer and writes what comes back to standard output.
The end of the input is passed on to the peer; the command ends when both have
finished. The addresses of a host name are tried in turn.

Examples:
  pentad connect tcp://example.org:7000
  echo hello | pentad connect tcp://[::1]:7000
  pentad connect unix:/tmp/pentad.sock < file
  pentad connect tcp://127.0.0.1:7000 --timeout 5 --verbose

Exit status: 0 done, 1 the network or the peer failed, 2 usage, 124 timeout.)";

// What is wrong with an address that was found to be one: nobody listens on port 0.
std::string check_port(const std::string& text) {
  const service_address service = service_address::parse(text).value();
  return service.is_unix() || service.port != 0 ? std::string() : "'" + text + "' has no port";
}

task<result<stream_socket>> reach(host& here, const stream_arguments& arguments) {
  const result<std::vector<socket_address>> addresses = co_await addresses_of(arguments.service());
  if (!addresses) co_return failure(addresses.error());
  co_return co_await connect_to_one(here, *addresses, arguments.verbose);
}

task<int> connect_program(host& here, const stream_arguments& arguments) {
  const conversation_settings settings = arguments.settings(subcommand);
  result<stream_socket> peer = co_await reach(here, arguments).timeout(settings.timeout);
  if (!peer) {
    complain(subcommand, explain("cannot connect to " + arguments.address, peer.error(),
                                 advice_on_connecting(peer.error(), arguments.address)));
    const bool late = arguments.timeout && peer.error() == std::errc::timed_out;
    co_return late ? exit_timed_out : exit_failed;
  }
  co_return co_await converse(here, std::move(*peer), settings);
}

}  // namespace

void add_connect(CLI::App& app, command_line& line) {
  const auto arguments = std::make_shared<stream_arguments>();
  CLI::App& command = *app.add_subcommand(std::string(subcommand), "talk to a peer that listens");
  add_stream_arguments(command, *arguments).check(CLI::Validator(check_port, ""));
  command.footer(manual);
  line.on_host(command, [arguments](host& here) { return connect_program(here, *arguments); });
}

}  // namespace pentad::command
