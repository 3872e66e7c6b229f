// pentad listen: standard input and output joined to whoever connects.

#include <CLI/CLI.hpp>

#include <csignal>
#include <memory>
#include <utility>

#include "apps/pentad/advice.hpp"
#include "apps/pentad/command.hpp"
#include "apps/pentad/conversation.hpp"
#include "apps/pentad/path_service.hpp"
#include "apps/pentad/service.hpp"
#include "apps/pentad/service_arguments.hpp"
#include "pentad/runtime/signal_set.hpp"
#include "pentad/runtime/when.hpp"

namespace pentad::command {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view subcommand = "listen";

constexpr duration patience = 5s;
constexpr duration half_closed_timeout = 60s;

constexpr const char* manual =
    R"(Waits for a peer, sends it standard input and writes what it sends to standard
output. The end of the input is passed on to the peer; the command ends when
both have finished. The address is printed to standard error, with the port
that was chosen for port 0. Of the addresses of a host name, the first that can
be listened on is taken.

With --keep it serves peers until it is ended by SIGINT or SIGTERM. The input
goes to all of them; what comes before the first of them is kept for it. A peer
may be 1 MiB behind; then the input waits for it, and a peer that takes nothing
for 5 seconds is disconnected. A peer that has finished sending is disconnected
when there was no input for it for 60 seconds, because it may have gone.

With udp:// and unixgram: the first to send a datagram is the peer, or, with
--keep, one of up to 1,024; each gets up to 1,232 bytes of the input (65,536 over
a Unix socket) in a datagram. Datagrams have no end: the command ends when the
input has ended and nothing has passed for --wait seconds.

Examples:
  pentad listen tcp://127.0.0.1:7000
  pentad listen tcp://[::]:7000 > received-file
  pentad listen --echo --keep unix:/tmp/pentad.sock
  pentad listen --echo --keep udp://[::]:7000
  pentad listen udp://0.0.0.0:7000 --multicast 239.1.2.3%eth0
  tail -f log | pentad listen --keep tcp://127.0.0.1:0 --verbose

Exit status: 0 done or ended by a signal, 1 the network or the peer failed,
2 usage, 124 timeout.)";

struct listen_arguments : service_arguments {
  bool echo = false;
  bool keep = false;
  bool path = false;
};

task<result<stream_listener>> open_listener(host& here, const service_arguments& arguments) {
  const result<std::vector<socket_address>> addresses =
      co_await addresses_of(here, arguments.service());
  if (!addresses) co_return failure(addresses.error());
  co_return listen_on_one(here, *addresses, arguments.verbose);
}

task<int> serve_one(host& here, stream_listener& listener, const conversation_settings& settings) {
  result<stream_socket> peer = co_await listener.accept().timeout(settings.timeout);
  if (!peer) {
    if (peer.error() == std::errc::operation_canceled) co_return exit_done;
    complain(subcommand, explain("no connection came", peer.error()));
    co_return peer.error() == std::errc::timed_out ? exit_timed_out : exit_failed;
  }
  listener.close();
  co_return co_await converse(here, std::move(*peer), settings);
}

// One peer of many. When the output fails, all end.
task<> serve_peer(host& here, stream_socket peer, const conversation_settings& settings,
                  console& streams, scope& all) {
  conversation one(here, std::move(peer), settings, streams);
  co_await one.hold();
  if (streams.output().error()) all.cancel();
}

task<int> serve_many(host& here, stream_listener& listener, const conversation_settings& settings) {
  console streams(subcommand, patience);
  std::error_code error;
  co_await in_scope([&](scope& all) -> task<> {
    if (!settings.echo) all.spawn(streams.read_input());
    for (;;) {
      result<stream_socket> peer = co_await listener.accept();
      if (!peer) {
        error = peer.error();
        break;
      }
      all.spawn(serve_peer(here, std::move(*peer), settings, streams, all));
    }
    all.cancel();
  });
  const int code = streams.finish();
  if (code != exit_done || error == std::errc::operation_canceled) co_return code;
  complain(subcommand, explain("cannot accept connections", error));
  co_return exit_failed;
}

// Runs `serving` until it ends or a signal comes.
task<int> until_signal(signal_set& signals, task<int> serving) {
  auto ended = co_await when_any(signals.next(), serving);
  if (ended.index == 1) co_return ended.get<1>();
  if (ended.get<0>()) co_return exit_done;
  complain(subcommand, explain("cannot wait for signals", ended.get<0>().error()));
  co_return exit_failed;
}

int cannot_listen(const listen_arguments& arguments, std::error_code error) {
  complain(subcommand, explain("cannot listen on " + arguments.address, error,
                               advice_on_listening(error, arguments.address)));
  return exit_failed;
}

task<result<datagram_socket>> open_datagrams(host& here, const listen_arguments& arguments) {
  const result<std::vector<socket_address>> addresses =
      co_await addresses_of(here, arguments.service());
  if (!addresses) co_return failure(addresses.error());
  const result<std::optional<multicast_group>> group = arguments.group(here);
  if (!group) co_return failure(group.error());
  datagram_options options;
  if (*group) options.reuse_address = true;
  if (arguments.path) options.path_tracing = true;
  result<datagram_socket> opened = bind_one(here, *addresses, options, arguments.verbose);
  if (opened && *group) {
    const result<void> joined = opened->join(**group);
    if (!joined) co_return failure(joined.error());
  }
  co_return opened;
}

task<int> listen_for_datagrams(host& here, const listen_arguments& arguments) {
  result<datagram_socket> opened = co_await open_datagrams(here, arguments);
  if (!opened) co_return cannot_listen(arguments, opened.error());
  signal_set signals{SIGINT, SIGTERM};  // before anybody can know that it listens
  if (const result<socket_address> local = opened->local()) {
    say("listening on " + datagram_service_text(*local));
  }
  if (arguments.path) co_return co_await until_signal(signals, serve_paths(std::move(*opened)));
  datagram_settings settings = arguments.datagrams(subcommand);
  settings.echo = arguments.echo;
  settings.keep = arguments.keep;
  datagram_conversation all(here, std::move(*opened), {}, settings);
  co_return co_await until_signal(signals, all.hold());
}

task<int> listen_program(host& here, const listen_arguments& arguments) {
  if (arguments.is_datagram()) co_return co_await listen_for_datagrams(here, arguments);
  result<stream_listener> listener = co_await open_listener(here, arguments);
  if (!listener) co_return cannot_listen(arguments, listener.error());
  signal_set signals{SIGINT, SIGTERM};  // before anybody can know that it listens
  if (const result<socket_address> local = listener->local()) {
    say("listening on " + service_text(*local));
  }
  if (arguments.path)
    co_return co_await until_signal(signals, serve_paths(*listener, arguments.keep));
  conversation_settings settings = arguments.settings(subcommand);
  settings.echo = arguments.echo;
  if (arguments.keep) settings.half_closed_timeout = half_closed_timeout;
  task<int> serving =
      arguments.keep ? serve_many(here, *listener, settings) : serve_one(here, *listener, settings);
  co_return co_await until_signal(signals, std::move(serving));
}

}  // namespace

void add_listen(CLI::App& app, command_line& line) {
  const auto arguments = std::make_shared<listen_arguments>();
  CLI::App& command =
      *app.add_subcommand(std::string(subcommand), "wait for peers and talk to them");
  add_service_arguments(command, *arguments);
  CLI::Option* const echo =
      command.add_flag("--echo", arguments->echo, "send each peer what it sends");
  command
      .add_flag("--path", arguments->path,
                "with --echo: answer `pentad path`, with the times of the hops on this host")
      ->needs(echo);
  command.add_flag("--keep,-k", arguments->keep, "serve many peers at once, until a signal");
  command.footer(manual);
  line.on_host(command, [arguments](host& here) { return listen_program(here, *arguments); });
}

}  // namespace pentad::command
