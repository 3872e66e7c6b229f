// pentad connect: standard input and output joined to a peer that listens.

#include <CLI/CLI.hpp>

#include <memory>
#include <utility>

#include "apps/pentad/advice.hpp"
#include "apps/pentad/command.hpp"
#include "apps/pentad/conversation.hpp"
#include "apps/pentad/service.hpp"
#include "apps/pentad/service_arguments.hpp"

namespace pentad::command {
namespace {

constexpr std::string_view subcommand = "connect";

constexpr const char* manual =
    R"(Sends standard input to the peer and writes what comes back to standard output.
The end of the input is passed on to the peer; the command ends when both have
finished. Of the addresses of a host name the one that answers first is taken.

With udp:// and unixgram: up to 1,232 bytes of the input (65,536 over a Unix
socket) go into a datagram. Datagrams have no end: the command ends when the
input has ended and nothing has passed for --wait seconds.

Examples:
  pentad connect tcp://example.org:7000
  echo hello | pentad connect tcp://[::1]:7000
  echo hello | pentad connect udp://127.0.0.1:7000 --wait 0.2
  pentad connect udp://239.1.2.3:7000 --multicast 239.1.2.3%eth0
  pentad connect unix:/tmp/pentad.sock < file
  pentad connect tcp://127.0.0.1:7000 --timeout 5 --verbose

Exit status: 0 done, 1 the network or the peer failed, 2 usage, 124 timeout.)";

// What is wrong with an address that was found to be one: nobody listens on port 0.
std::string check_port(const std::string& text) {
  const service_address service = service_address::parse(text).value();
  return service.is_unix() || service.port != 0 ? std::string() : "'" + text + "' has no port";
}

// A socket and where it sends to.
struct reached {
  datagram_socket socket;
  socket_address peer;
};

// A socket of the peer's kind: an unspecified address of the same version, or no name. The members
// of a group answer from their own addresses, so a socket that sends to one is not connected.
result<datagram_socket> reach_one(host& here, const socket_address& peer,
                                  const datagram_options& options) {
  const socket_address local =
      peer.is_ip() ? socket_address(endpoint(ip_address::any(peer.ip().address.version()), 0))
                   : socket_address(unix_endpoint());
  result<datagram_socket> opened = here.datagram(local, options);
  if (!opened || (peer.is_ip() && peer.ip().address.is_multicast())) return opened;
  if (const result<void> connected = opened->connect(peer); !connected) {
    return failure(connected.error());
  }
  return opened;
}

task<result<reached>> reach_for_datagrams(host& here, const service_arguments& arguments) {
  const result<std::vector<socket_address>> addresses =
      co_await addresses_of(here, arguments.service());
  if (!addresses) co_return failure(addresses.error());
  datagram_options options;
  const result<std::optional<multicast_group>> group = arguments.group(here);
  if (!group) co_return failure(group.error());
  if (*group) options.multicast_interface = (*group)->interface;
  std::error_code last;
  for (const socket_address& each : *addresses) {
    result<datagram_socket> opened = reach_one(here, each, options);
    if (opened) co_return reached{std::move(*opened), each};
    last = opened.error();
  }
  co_return failure(last);
}

int cannot_connect(const service_arguments& arguments, std::error_code error) {
  complain(subcommand, explain("cannot connect to " + arguments.address, error,
                               advice_on_connecting(error, arguments.address)));
  const bool late = arguments.timeout && error == std::errc::timed_out;
  return late ? exit_timed_out : exit_failed;
}

task<int> connect_by_datagrams(host& here, const service_arguments& arguments) {
  result<reached> opened = co_await reach_for_datagrams(here, arguments);
  if (!opened) co_return cannot_connect(arguments, opened.error());
  if (arguments.verbose) {
    const std::optional<five_tuple> tuple = opened->socket.tuple();
    say("sending " + (tuple ? to_string(*tuple) : arguments.address));
  }
  const datagram_settings settings = arguments.datagrams(subcommand);
  datagram_conversation with_peer(here, std::move(opened->socket), opened->peer, settings);
  co_return co_await with_peer.hold();
}

task<int> connect_program(host& here, const service_arguments& arguments) {
  if (arguments.is_datagram()) co_return co_await connect_by_datagrams(here, arguments);
  const conversation_settings settings = arguments.settings(subcommand);
  result<stream_socket> peer =
      co_await connect_to(here, arguments.service(), arguments.verbose).timeout(settings.timeout);
  if (!peer) co_return cannot_connect(arguments, peer.error());
  co_return co_await converse(here, std::move(*peer), settings);
}

}  // namespace

void add_connect(CLI::App& app, command_line& line) {
  const auto arguments = std::make_shared<service_arguments>();
  CLI::App& command = *app.add_subcommand(std::string(subcommand), "talk to a peer that listens");
  add_service_arguments(command, *arguments).check(CLI::Validator(check_port, ""));
  command.footer(manual);
  line.on_host(command, [arguments](host& here) { return connect_program(here, *arguments); });
}

}  // namespace pentad::command
