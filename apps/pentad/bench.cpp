// pentad bench: how fast the network between two programs is.

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <utility>

#include "apps/pentad/advice.hpp"
#include "apps/pentad/bench_tcp.hpp"
#include "apps/pentad/command.hpp"
#include "apps/pentad/service.hpp"
#include "apps/pentad/short_text.hpp"
#include "apps/pentad/standard_streams.hpp"
#include "pentad/base/json_object.hpp"
#include "pentad/runtime/signal_set.hpp"
#include "pentad/runtime/when.hpp"

namespace pentad::command {
namespace {

constexpr std::string_view subcommand = "bench";

constexpr const char* manual =
    R"(Measures TCP between two programs. One serves until it is ended by SIGINT or
SIGTERM; the other measures: first messages that are sent back, one at a time,
then bytes one way, each for --time seconds. At a terminal it tells each second
how it goes.

With --json the outcome is one object:
  protocol            tcp
  size                bytes of a message
  messages            that went there and back
  messages_per_second
  latency             of a round trip, in nanoseconds: min, p50, p90, p99, p999
                      and max; the percentiles are at most a 64th too long
  bytes               that the other program has received
  bytes_per_second

Examples:
  pentad bench tcp --server tcp://0.0.0.0:7000
  pentad bench tcp --client tcp://10.0.0.2:7000
  pentad bench tcp --client tcp://10.0.0.2:7000 --size 1024 --time 10 --json

Exit status: 0 done, 1 the network or the peer failed, 2 usage.)";

struct bench_arguments {
  std::string protocol;
  std::string server;
  std::string client;
  std::size_t size = 64;
  double time = 5;
  bool json = false;
};

std::string check_address(const std::string& text) {
  const result<service_address> service = service_address::parse(text);
  if (service && service->scheme == service_scheme::tcp) return {};
  return "'" + text + "' is not tcp://HOST:PORT";
}

task<result<std::vector<socket_address>>> find_addresses(host& here, const std::string& text) {
  const service_address service = service_address::parse(text).value();
  co_return co_await addresses_of(here, service);
}

task<int> serve(host& here, const bench_arguments& arguments) {
  const auto addresses = co_await find_addresses(here, arguments.server);
  result<stream_listener> listener = addresses
                                         ? listen_on_one(here, *addresses, false)
                                         : result<stream_listener>(failure(addresses.error()));
  if (!listener) {
    complain(subcommand, explain("cannot listen on " + arguments.server, listener.error(),
                                 advice_on_listening(listener.error(), arguments.server)));
    co_return exit_failed;
  }
  signal_set signals{SIGINT, SIGTERM};
  if (const result<socket_address> local = listener->local()) {
    say("listening on " + service_text(*local));
  }
  task<result<>> serving = serve_bench(*listener);
  auto ended = co_await when_any(signals.next(), serving);
  if (ended.index == 0) co_return exit_done;
  complain(subcommand, explain("cannot accept connections", ended.get<1>().error()));
  co_return exit_failed;
}

std::string json_of(const bench_outcome& outcome, std::size_t size) {
  const latencies& all = outcome.round_trips;
  const auto time = [&](double part) { return all.percentile(part).count(); };
  json_object latency;
  latency.add("min", all.least().count()).add("p50", time(0.5)).add("p90", time(0.9));
  latency.add("p99", time(0.99)).add("p999", time(0.999)).add("max", all.most().count());
  json_object made;
  made.add("protocol", "tcp").add("size", size).add("messages", all.count());
  made.add("messages_per_second",
           static_cast<std::uint64_t>(per_second(all.count(), outcome.messages_time)));
  made.add_json("latency", latency.text()).add("bytes", outcome.bytes);
  made.add("bytes_per_second",
           static_cast<std::uint64_t>(per_second(outcome.bytes, outcome.bytes_time)));
  return made.text() + "\n";
}

std::string text_of(const bench_outcome& outcome, std::size_t size) {
  const latencies& all = outcome.round_trips;
  const auto time = [&](double part) { return short_time(all.percentile(part)); };
  return "messages of " + std::to_string(size) + " bytes, there and back, one at a time\n  " +
         short_number(per_second(all.count(), outcome.messages_time)) + " a second\n  min " +
         short_time(all.least()) + "  p50 " + time(0.5) + "  p90 " + time(0.9) + "  p99 " +
         time(0.99) + "  p99.9 " + time(0.999) + "  max " + short_time(all.most()) +
         "\nbytes one way\n  " + short_number(8 * per_second(outcome.bytes, outcome.bytes_time)) +
         "bit/s\n";
}

std::string advice(std::error_code error, const std::string& address) {
  if (error == std::errc::connection_refused) {
    return "Nobody serves there. To serve: pentad bench tcp --server " + address;
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
  const result<> done = co_await measure_tcp(here, at, settings, outcome);
  if (!done) {
    complain(subcommand, explain("cannot measure with " + arguments.client, done.error(),
                                 advice(done.error(), arguments.client)));
    co_return exit_failed;
  }
  const std::string text =
      arguments.json ? json_of(outcome, arguments.size) : text_of(outcome, arguments.size);
  output_stream output(STDOUT_FILENO);
  const result<> written = co_await output.write(std::as_bytes(std::span(text)));
  co_return written ? exit_done : exit_failed;
}

task<int> bench_program(host& here, const bench_arguments& arguments) {
  if (arguments.server.empty() == arguments.client.empty()) {
    complain(subcommand, "give --server ADDRESS or --client ADDRESS");
    co_return exit_usage;
  }
  if (!arguments.server.empty()) co_return co_await serve(here, arguments);
  co_return co_await measure(here, arguments);
}

}  // namespace

void add_bench(CLI::App& app, command_line& line) {
  const auto arguments = std::make_shared<bench_arguments>();
  CLI::App& command =
      *app.add_subcommand(std::string(subcommand), "measure the network between two programs");
  command.add_option("PROTOCOL", arguments->protocol, "what to measure: tcp")
      ->type_name("")
      ->check(CLI::IsMember({"tcp"}))
      ->required();
  CLI::Option& server = *command.add_option("--server", arguments->server, "where to serve")
                             ->type_name("tcp://HOST:PORT")
                             ->check(CLI::Validator(check_address, ""));
  command.add_option("--client", arguments->client, "the server to measure with")
      ->type_name("tcp://HOST:PORT")
      ->check(CLI::Validator(check_address, ""))
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
