// pentad flows: the quintuples that are alive on this host.

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "apps/pentad/advice.hpp"
#include "apps/pentad/command.hpp"
#include "apps/pentad/flow_filter.hpp"
#include "apps/pentad/flow_look.hpp"
#include "apps/pentad/flow_table.hpp"
#include "apps/pentad/flow_watch.hpp"
#include "apps/pentad/standard_streams.hpp"
#include "pentad/hosts/host_text.hpp"

namespace pentad::command {
namespace {

constexpr std::string_view subcommand = "flows";

constexpr const char* manual =
    R"(Shows the TCP, UDP, raw, pinging and Unix sockets of this network namespace, and
the flows of programs on Pentad's own stack, which tell of them on Unix sockets
in $XDG_RUNTIME_DIR/pentad. Processes of other users are shown to root alone.

A filter is a quintuple with * for any value, state=NAME or process=NAME (or
its number). Several must all match. A quintuple matches no Unix socket.

With --watch a table is shown until q or Ctrl-C. The arrows to the left and to
the right choose the column that it is sorted by, r reverses the order, the
arrows up and down move the rows.

In the table RECV-Q and SEND-Q of a listener are the connections that wait and
how many may, of others bytes. CWND is in bytes. HOPS is there for traced sockets:
from the socket to the stack and to the nic, and from the nic to the stack and to
the program. What is not known is -.

With --json each flow is an object on a line; what is not known is left out:
  stack               kernel, or native for Pentad's own
  kind                stream, datagram, sequenced or raw
  protocol            tcp, udp, icmp, icmpv6, a number, or unix
  local, remote       address and port of an IP socket, path of a Unix socket
  state               listen, syn-sent, syn-received, established, fin-wait-1,
                      fin-wait-2, close-wait, closing, last-ack, time-wait,
                      closed or unconnected
  receive_queue       bytes that wait for the program; of datagrams, memory
  send_queue          bytes that are not acknowledged, or not sent
  rtt, rtt_variance   round trip, in nanoseconds
  segment_size        bytes a segment carries at most
  congestion_window   in bytes
  in_flight           bytes sent and not acknowledged
  retransmits         segments, since the start
  delivery_rate       bytes a second
  bytes_acknowledged, bytes_received
                      since the start
  socket_to_stack, stack_to_nic, nic_to_stack, stack_to_program
                      how long the last messages took between hops, in nanoseconds;
                      of traced sockets on Pentad's own stack, as with --path
  waiting, backlog    of a listener: connections that wait, and may wait
  interface           index of the one that it is bound to
  inode, peer_inode   of the socket, and of a Unix socket's peer
  processes           id and name of each that holds it

Examples:
  pentad flows
  pentad flows --listening
  pentad flows --filter 'tcp *:* > 10.9.0.2:*' --filter state=established
  pentad flows --json --filter process=nginx
  pentad flows --watch

Exit status: 0 done, 1 the system did not tell, 2 usage.)";

struct flows_arguments {
  bool json = false;
  bool watch = false;
  bool listening = false;
  std::vector<std::string> filters;
  std::string stack;
  flow_filter filter;
};

std::string check_filter(const std::string& text) {
  const auto added = flow_filter().add(text);
  return added ? std::string() : added.error();
}

std::string check_stack(const std::string& text) {
  if (text == "native" || text.starts_with("native:")) {
    return "a new host on Pentad's own stack has no flows; those of programs that run on it are "
           "shown with Linux's";
  }
  return host_text::parse(text) ? std::string() : "'" + text + "' is not one of Linux's stacks";
}

// Where the rows are sorted by nothing, by the order of lists.
std::string table_of(std::vector<flow> flows) {
  std::ranges::sort(flows, comes_before);
  std::vector<flow_row> rows;
  for (flow& each : flows) rows.push_back({std::move(each), {}, {}});
  const bool has_hops =
      std::ranges::any_of(rows, [](const flow_row& each) { return each.what.hops.any(); });
  std::vector<const flow_column*> columns;
  for (const flow_column& each : flow_columns()) {
    if (!each.is_rate && (!each.is_of_hops || has_hops)) columns.push_back(&each);
  }
  std::string text;
  for (const std::string& line : flow_lines(rows, columns)) text.append(line).append("\n");
  return text;
}

std::string json_of(const std::vector<flow>& flows) {
  std::string text;
  for (const flow& each : flows) text.append(to_json(each)).append("\n");
  return text;
}

task<int> show_once(host& here, const flows_arguments& arguments) {
  flow_look look = co_await look_at_flows(here, arguments.filter);
  for (const std::string& each : look.complaints) complain(subcommand, each);
  const std::string text = arguments.json ? json_of(look.flows) : table_of(std::move(look.flows));
  output_stream output(STDOUT_FILENO);
  const result<> written = co_await output.write(std::as_bytes(std::span(text)));
  if (!written) {
    complain(subcommand, explain("cannot write to standard output", written.error()));
  }
  co_return written && !look.failed ? exit_done : exit_failed;
}

task<int> flows_program(host& here, const flows_arguments& arguments) {
  if (!arguments.watch) co_return co_await show_once(here, arguments);
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDOUT_FILENO) != 1) {
    complain(subcommand, "--watch needs a terminal; without one, use --json");
    co_return exit_usage;
  }
  co_return co_await watch_flows(here, arguments.filter);
}

}  // namespace

void add_flows(CLI::App& app, command_line& line) {
  const auto arguments = std::make_shared<flows_arguments>();
  CLI::App& command =
      *app.add_subcommand(std::string(subcommand), "the quintuples that are alive on this host");
  CLI::Option& json = *command.add_flag("--json", arguments->json, "an object on a line for each");
  command.add_flag("--watch,-w", arguments->watch, "a live table, with rates")->excludes(&json);
  command.add_flag("--listening,-l", arguments->listening,
                   "only those that wait for anybody: listeners, and bound sockets without a peer");
  command.add_option("--filter,-f", arguments->filters, "only those that match, see below")
      ->type_name("FILTER")
      ->take_all()
      ->check(CLI::Validator(check_filter, ""));
  command.add_option("--stack", arguments->stack, "kernel, kernel:uring or kernel:epoll")
      ->type_name("STACK")
      ->check(CLI::Validator(check_stack, ""))
      ->default_val("kernel");
  command.footer(manual);
  line.plainly(command, [arguments] {
    for (const std::string& each : arguments->filters) {
      static_cast<void>(arguments->filter.add(each));  // was checked
    }
    if (arguments->listening) arguments->filter.listening_only();
    return run_on_linux(subcommand, arguments->stack,
                        [arguments](host& here) { return flows_program(here, *arguments); });
  });
}

}  // namespace pentad::command
