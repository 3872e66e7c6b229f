// pentad trace: the route to a host.

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <csignal>
#include <memory>

#include "apps/pentad/advice.hpp"
#include "apps/pentad/command.hpp"
#include "apps/pentad/standard_streams.hpp"
#include "apps/pentad/target.hpp"
#include "apps/pentad/trace_report.hpp"
#include "apps/pentad/trace_session.hpp"
#include "apps/terminal/dimensions.hpp"
#include "pentad/runtime/signal_set.hpp"
#include "pentad/runtime/when.hpp"

namespace pentad::command {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view subcommand = "trace";

// No eye sees more.
constexpr duration between_drawings = 50ms;

constexpr const char* manual =
    R"(Sends probes that die after one hop, two hops and so on, several at once, and
shows which router reports each death, until the host itself answers: the hop,
who answered, how many probes were lost, the least, mean and longest time, and
what was said if it is more than that a probe has died. On a terminal the table
grows while answers come.

  --udp    datagrams to ports from 33434 on, where nobody listens; the default,
           for it needs no privilege
  --icmp   echo requests, as ping sends them; needs what ping needs
  --tcp    segments that ask for a connection to a port, as programs do, which
           firewalls let pass; needs CAP_NET_RAW

With --json each line is an object; times are nanoseconds:
  {"hop":N,"sent":N,"lost":N,
   "answers":[{"from":ADDRESS,"round_trip":T,"said":WORDS},...]}
  {"target":ADDRESS,"reached":BOOL,"hops":N}
       the last line; without hops when it was not reached

Examples:
  pentad trace example.org
  pentad trace --tcp 443 -6 example.org
  pentad trace --icmp --max-hops 5 --queries 1 --json 10.9.0.2

Exit status: 0 the host was reached, 1 it was not or the network failed,
2 usage.)";

struct trace_arguments {
  target_arguments target;
  bool udp = false;
  bool icmp = false;
  std::uint16_t tcp_port = 0;
  unsigned most_hops = 30;
  unsigned queries = 3;
  double patience = 2;
  bool json = false;

  [[nodiscard]] std::string how() const {
    if (icmp) return "ICMP";
    return tcp_port == 0 ? "UDP" : "TCP to port " + std::to_string(tcp_port);
  }
};

result<std::unique_ptr<prober>> make_prober(host& here, const ip_address& target,
                                            const trace_arguments& arguments) {
  if (arguments.icmp) return make_icmp_prober(here, target);
  if (arguments.tcp_port != 0) return make_tcp_prober(here, target, arguments.tcp_port);
  return make_udp_prober(here, target);
}

// Hops that are done with as lines, or all of them as a table on a terminal.
class display {
 public:
  display(host& here, const route& known, const trace_arguments& arguments,
          output_stream& output) noexcept
      : here_(here),
        route_(known),
        as_json_(arguments.json),
        is_live_(!arguments.json && ::isatty(STDOUT_FILENO) == 1),
        table_(terminal::dimensions_of(STDOUT_FILENO).lines),
        output_(output) {}

  task<> begin(const trace_arguments& arguments, const ip_address& target) {
    if (as_json_) co_return;
    std::string line = "trace to " + arguments.target.name + " (" + to_string(target) + ") by ";
    line += arguments.how() + ", " + std::to_string(arguments.most_hops) + " hops at most\n";
    co_await print(line);
  }

  task<> update() {
    std::string more;
    if (is_live_) {
      if (here_.now() < next_drawing_) co_return;
      next_drawing_ = here_.now() + between_drawings;
      more = table_.draw(route_);
    } else {
      while (next_hop_ <= route_.last_hop() && route_.is_complete(next_hop_)) more += next_line();
    }
    if (!more.empty()) co_await print(more);
  }

  // Also of an interrupted trace: hops of which something is known.
  task<> finish(const trace_arguments& arguments, const ip_address& target) {
    std::string more;
    if (is_live_) {
      more = table_.finish(route_);
    } else {
      while (next_hop_ <= route_.last_hop() && !route_.answers(next_hop_).empty()) {
        more += next_line();
      }
    }
    more += as_json_ ? end_json(route_, target) : end_row(route_, arguments.target.name);
    co_await print(more);
  }

 private:
  std::string next_line() {
    const unsigned hop = next_hop_++;
    return as_json_ ? hop_json(route_, hop) : hop_row(route_, hop);
  }

  // `text` outlives the call: whoever calls awaits it. That it failed is in `error()` of the
  // output.
  task<> print(const std::string& text) {
    [[maybe_unused]] const result<void> written =
        co_await output_.write(std::as_bytes(std::span(text)));
  }

  host& here_;
  const route& route_;
  bool as_json_;
  bool is_live_;
  unsigned next_hop_ = 1;
  live_table table_;
  instant next_drawing_{};
  output_stream& output_;
};

int refuse(const std::string& what, std::error_code error, std::string_view advice) {
  complain(subcommand, explain(what, error, advice));
  return exit_failed;
}

task<int> trace_to(host& here, const ip_address& target, const trace_arguments& arguments,
                   prober& probes) {
  const std::string& name = arguments.target.name;
  output_stream output(STDOUT_FILENO);
  route known(arguments.most_hops, arguments.queries);
  display shown(here, known, arguments, output);
  co_await shown.begin(arguments, target);
  trace_session session(here, probes, known, seconds_of(arguments.patience),
                        [&shown] { return shown.update(); });
  signal_set signals{SIGINT, SIGTERM};
  task<result<void>> tracing = session.run();
  auto ended = co_await when_any(signals.next(), tracing);
  co_await shown.finish(arguments, target);
  if (output.error()) {
    co_return refuse("cannot write to standard output", output.error(), {});
  }
  if (const result<void>& sent = ended.get<1>(); !sent) {
    co_return refuse("cannot send to " + name, sent.error(),
                     advice_on_connecting(sent.error(), "tcp://" + name));
  }
  co_return known.reached_target() ? exit_done : exit_failed;
}

task<int> trace_program(host& here, const trace_arguments& arguments) {
  const std::string& name = arguments.target.name;
  const result<ip_address> target = co_await find_target(here, arguments.target);
  if (!target) {
    co_return refuse("cannot find " + name, target.error(),
                     advice_on_connecting(target.error(), "tcp://" + name));
  }
  const result<std::unique_ptr<prober>> probes = make_prober(here, *target, arguments);
  if (!probes) {
    co_return refuse("cannot send probes by " + arguments.how(), probes.error(),
                     advice_on_raw(probes.error()));
  }
  co_return co_await trace_to(here, *target, arguments, **probes);
}

}  // namespace

void add_trace(CLI::App& app, command_line& line) {
  const auto arguments = std::make_shared<trace_arguments>();
  CLI::App& command = *app.add_subcommand(std::string(subcommand), "show the route to a host");
  add_target(command, arguments->target);
  CLI::Option& udp = *command.add_flag("--udp", arguments->udp, "probe with datagrams");
  CLI::Option& icmp = *command.add_flag("--icmp", arguments->icmp, "probe with echo requests");
  command.add_option("--tcp", arguments->tcp_port, "probe with requests for a connection")
      ->type_name("PORT")
      ->check(CLI::Range(1, 65535))
      ->excludes(&udp)
      ->excludes(&icmp);
  icmp.excludes(&udp);
  command.add_option("--max-hops", arguments->most_hops, "how far to look")
      ->type_name("N")
      ->check(CLI::Range(1, 255))
      ->capture_default_str();
  command.add_option("--queries", arguments->queries, "probes for each hop")
      ->type_name("N")
      ->check(CLI::Range(1, 10))
      ->capture_default_str();
  add_seconds(command, "--timeout", arguments->patience, "how long an answer may take");
  command.add_flag("--json", arguments->json, "an object a line, see below");
  command.footer(manual);
  line.on_host(command, [arguments](host& here) { return trace_program(here, *arguments); });
}

}  // namespace pentad::command
