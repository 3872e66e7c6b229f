// pentad ping: whether a host answers, and how long that takes.

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <csignal>
#include <memory>

#include "apps/pentad/advice.hpp"
#include "apps/pentad/command.hpp"
#include "apps/pentad/ping_session.hpp"
#include "apps/pentad/target.hpp"
#include "pentad/runtime/signal_set.hpp"
#include "pentad/runtime/when.hpp"

namespace pentad::command {
namespace {

constexpr std::string_view subcommand = "ping";

// What an IP packet has room for behind its header and that of ICMP.
constexpr std::size_t most_data = 65507;

constexpr const char* manual =
    R"(Asks a host for echoes and prints each answer, each error that a router sends in
its place, and each request that stays without one. Ctrl-C, or the end of
--count, prints how many were lost and how long answers took. Of the addresses
of a host name the first is asked.

It takes an ICMP socket without privilege where the system allows it
(net.ipv4.ping_group_range), else a raw one, which needs CAP_NET_RAW.

With --json each line is an object; times are nanoseconds:
  {"event":"reply","from":ADDRESS,"sequence":N,"bytes":N,"hop_limit":N,
   "round_trip":T,"duplicate":BOOL}
       bytes with the ICMP header; hop_limit is what was left of it (TTL)
  {"event":"error","from":ADDRESS,"sequence":N,"error":WORDS,"type":N,"code":N,
   "mtu":N}
       of ICMP; without from, type and code when this host could not send;
       mtu where a packet was too large
  {"event":"lost","sequence":N}
       nothing came within --timeout; a later reply still counts
  {"event":"statistics","sent":N,"received":N,"lost":N,"duplicates":N,
   "errors":N,"min":T,"avg":T,"max":T,"stddev":T}
       the last line; the times are missing when nothing was received

Examples:
  pentad ping example.org
  pentad ping -c 3 -i 0.2 10.9.0.2
  pentad ping -6 -s 1400 --json example.org | jq .round_trip
  pentad ping fe80::1%eth0

Exit status: 0 there were answers, 1 nothing answered or the network failed,
2 usage.)";

struct ping_arguments {
  target_arguments target;
  std::uint64_t count = 0;
  double interval = 1;
  double patience = 2;
  std::size_t data_bytes = 56;
  bool json = false;
};

ping_settings settings_of(const ping_arguments& arguments) {
  return {.count = arguments.count,
          .interval = seconds_of(arguments.interval),
          .patience = seconds_of(arguments.patience),
          .data_bytes = arguments.data_bytes};
}

int refuse(const std::string& what, std::error_code error, std::string_view advice) {
  complain(subcommand, explain(what, error, advice));
  return exit_failed;
}

task<> print(output_stream& output, std::string text) {
  // That it failed is in `error()` of the output.
  [[maybe_unused]] const result<void> written =
      co_await output.write(std::as_bytes(std::span(text)));
}

task<int> ping_program(host& here, const ping_arguments& arguments) {
  const std::string& name = arguments.target.name;
  const result<ip_address> target = co_await find_target(here, arguments.target);
  if (!target) {
    co_return refuse("cannot find " + name, target.error(),
                     advice_on_connecting(target.error(), "tcp://" + name));
  }
  result<icmp_socket> socket = icmp_socket::open(here, target->version());
  if (!socket) {
    co_return refuse("cannot ask for echoes", socket.error(), advice_on_raw(socket.error()));
  }
  signal_set signals{SIGINT, SIGTERM};
  output_stream output(STDOUT_FILENO);
  const ping_report report(name, *target, arguments.json);
  ping_session session(here, std::move(*socket), *target, settings_of(arguments), report, output);
  co_await print(output, report.beginning(arguments.data_bytes));
  task<> asking = session.run();
  co_await when_any(signals.next(), asking);
  co_await print(output, report.statistics(session.ledger()));
  if (output.error()) {
    co_return refuse("cannot write to standard output", output.error(), {});
  }
  co_return session.ledger().answers() != 0 ? exit_done : exit_failed;
}

}  // namespace

void add_ping(CLI::App& app, command_line& line) {
  const auto arguments = std::make_shared<ping_arguments>();
  CLI::App& command = *app.add_subcommand(std::string(subcommand), "ask a host for echoes");
  add_target(command, arguments->target);
  command.add_option("--count,-c", arguments->count, "how many requests; without end if not given")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 53));
  add_seconds(command, "--interval,-i", arguments->interval, "between two requests");
  add_seconds(command, "--timeout", arguments->patience, "how long an answer may take");
  command.add_option("--size,-s", arguments->data_bytes, "data in a request")
      ->type_name("BYTES")
      ->check(CLI::Range(std::size_t{0}, most_data))
      ->capture_default_str();
  command.add_flag("--json", arguments->json, "an object a line, see below");
  command.footer(manual);
  line.on_host(command, [arguments](host& here) { return ping_program(here, *arguments); });
}

}  // namespace pentad::command
