// pentad bench: how fast the network between two programs is.

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <utility>

#include "apps/pentad/advice.hpp"
#include "apps/pentad/bench_datagram.hpp"
#include "apps/pentad/bench_report.hpp"
#include "apps/pentad/bench_tcp.hpp"
#include "apps/pentad/bench_udp.hpp"
#include "apps/pentad/bench_udp_server.hpp"
#include "apps/pentad/command.hpp"
#include "apps/pentad/service.hpp"
#include "apps/pentad/standard_streams.hpp"
#include "pentad/runtime/signal_set.hpp"
#include "pentad/runtime/when.hpp"

namespace pentad::command {
namespace {

constexpr std::string_view subcommand = "bench";

constexpr const char* manual =
    R"(Measures TCP or UDP between two programs. One serves until it is ended by SIGINT or
SIGTERM; the other measures: first messages that are sent back, one at a time,
then bytes one way, each for --time seconds. At a terminal it tells each second
how it goes. Datagrams get lost, above all when they come faster than they are
read; it is told how many.

With --json the outcome is one object:
  protocol            tcp or udp
  size                bytes of a message
  messages            that went there and back
  lost                udp: messages without an answer within 0.2 s
  messages_per_second
  latency             of a round trip, in nanoseconds: min, p50, p90, p99, p999
                      and max; the percentiles are at most a 64th too long
  bytes               that the other program has received
  bytes_per_second
  sent_one_way, received_one_way, received_per_second
                      udp: messages

Examples:
  pentad bench tcp --server tcp://0.0.0.0:7000
  pentad bench tcp --client tcp://10.0.0.2:7000
  pentad bench tcp --client tcp://10.0.0.2:7000 --size 1024 --time 10 --json
  pentad bench udp --server udp://0.0.0.0:7000
  pentad bench udp --client udp://10.0.0.2:7000

Exit status: 0 done, 1 the network or the peer failed, 2 usage.)";

struct bench_arguments {
  std::string protocol;
  std::string server;
  std::string client;
  std::size_t size = 64;
  double time = 5;
  bool json = false;

  bool is_udp() const { return protocol == "udp"; }
  const std::string& address() const { return server.empty() ? client : server; }
};

// What is wrong with the arguments; empty if nothing is.
std::string mistake_in(const bench_arguments& arguments) {
  if (arguments.server.empty() == arguments.client.empty()) {
    return "give --server ADDRESS or --client ADDRESS";
  }
  const std::string& address = arguments.address();
  const result<service_address> service = service_address::parse(address);
  const auto wanted = arguments.is_udp() ? service_scheme::udp : service_scheme::tcp;
  if (!service || service->scheme != wanted) {
    return "'" + address + "' is not " + arguments.protocol + "://HOST:PORT";
  }
  const bool fits =
      arguments.size >= bench_datagram::header_size && arguments.size <= bench_datagram::largest;
  if (arguments.is_udp() && !fits) {
    return "--size: a datagram of this has " + std::to_string(bench_datagram::header_size) +
           " to " + std::to_string(bench_datagram::largest) + " bytes";
  }
  return {};
}

task<result<std::vector<socket_address>>> find_addresses(host& here, const std::string& text) {
  const service_address service = service_address::parse(text).value();
  co_return co_await addresses_of(here, service);
}

// Until a signal comes.
task<int> serve(task<result<>> serving, std::string local, std::string_view doing) {
  signal_set signals{SIGINT, SIGTERM};
  say("listening on " + local);
  auto ended = co_await when_any(signals.next(), serving);
  if (ended.index == 0) co_return exit_done;
  complain(subcommand, explain(doing, ended.get<1>().error()));
  co_return exit_failed;
}

int cannot_serve(const bench_arguments& arguments, std::error_code error) {
  complain(subcommand, explain("cannot listen on " + arguments.server, error,
                               advice_on_listening(error, arguments.server)));
  return exit_failed;
}

task<int> serve_tcp(host& here, const bench_arguments& arguments) {
  const auto addresses = co_await find_addresses(here, arguments.server);
  if (!addresses) co_return cannot_serve(arguments, addresses.error());
  result<stream_listener> listener = listen_on_one(here, *addresses, false);
  if (!listener) co_return cannot_serve(arguments, listener.error());
  std::string local = service_text(listener->local().value());
  co_return co_await serve(serve_tcp_bench(*listener), std::move(local),
                           "cannot accept connections");
}

task<int> serve_udp(host& here, const bench_arguments& arguments) {
  const auto addresses = co_await find_addresses(here, arguments.server);
  if (!addresses) co_return cannot_serve(arguments, addresses.error());
  result<datagram_socket> socket = bind_one(here, *addresses, {.receive_buffer = 4 << 20}, false);
  if (!socket) co_return cannot_serve(arguments, socket.error());
  // Where the stack cannot, each datagram comes for itself.
  [[maybe_unused]] const result<void> set = socket->set({.coalesce = true});
  std::string local = datagram_service_text(socket->local().value());
  co_return co_await serve(serve_udp_bench(std::move(*socket)), std::move(local), "cannot receive");
}

std::string advice(std::error_code error, const std::string& address) {
  if (error == std::errc::connection_refused) {
    return "Nobody serves there. To serve: pentad bench " + address.substr(0, 3) + " --server " +
           address;
  }
  if (error == std::errc::protocol_error) return "Something else than pentad bench listens there.";
  return advice_on_connecting(error, address);
}

task<int> measure(host& here, const bench_arguments& arguments) {
  const service_address at = service_address::parse(arguments.client).value();
  bench_settings settings;
  settings.message_size = arguments.size;
  settings.time =
      std::chrono::duration_cast<duration>(std::chrono::duration<double>(arguments.time));
  settings.shows_progress = ::isatty(STDERR_FILENO) == 1;
  bench_outcome outcome;
  const result<> done = arguments.is_udp() ? co_await measure_udp(here, at, settings, outcome)
                                           : co_await measure_tcp(here, at, settings, outcome);
  if (!done) {
    complain(subcommand, explain("cannot measure with " + arguments.client, done.error(),
                                 advice(done.error(), arguments.client)));
    co_return exit_failed;
  }
  const std::string text = arguments.json ? bench_json(outcome, arguments.protocol, arguments.size)
                                          : bench_text(outcome, arguments.size);
  output_stream output(STDOUT_FILENO);
  const result<> written = co_await output.write(std::as_bytes(std::span(text)));
  co_return written ? exit_done : exit_failed;
}

task<int> bench_program(host& here, const bench_arguments& arguments) {
  if (const std::string mistake = mistake_in(arguments); !mistake.empty()) {
    complain(subcommand, mistake);
    co_return exit_usage;
  }
  if (arguments.server.empty()) co_return co_await measure(here, arguments);
  if (arguments.is_udp()) co_return co_await serve_udp(here, arguments);
  co_return co_await serve_tcp(here, arguments);
}

}  // namespace

void add_bench(CLI::App& app, command_line& line) {
  const auto arguments = std::make_shared<bench_arguments>();
  CLI::App& command =
      *app.add_subcommand(std::string(subcommand), "measure the network between two programs");
  command.add_option("PROTOCOL", arguments->protocol, "what to measure: tcp or udp")
      ->type_name("")
      ->check(CLI::IsMember({"tcp", "udp"}))
      ->required();
  CLI::Option& server = *command.add_option("--server", arguments->server, "where to serve")
                             ->type_name("PROTOCOL://HOST:PORT");
  command.add_option("--client", arguments->client, "the server to measure with")
      ->type_name("PROTOCOL://HOST:PORT")
      ->excludes(&server);
  command.add_option("--size", arguments->size, "bytes of a message")
      ->type_name("BYTES")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 24))
      ->capture_default_str();
  command.add_option("--time", arguments->time, "how long each part takes")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.01, 1e6))
      ->capture_default_str();
  command.add_flag("--json", arguments->json, "an object on a line");
  command.footer(manual);
  line.on_host(command, [arguments](host& here) { return bench_program(here, *arguments); });
}

}  // namespace pentad::command
