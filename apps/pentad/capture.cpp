// pentad capture: the packets of a host, as they come and go.

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <memory>
#include <set>

#include "apps/pentad/advice.hpp"
#include "apps/pentad/capture_filter.hpp"
#include "apps/pentad/capture_session.hpp"
#include "apps/pentad/command.hpp"
#include "apps/pentad/flow_expression.hpp"
#include "apps/pentad/target.hpp"
#include "pentad/runtime/signal_set.hpp"
#include "pentad/runtime/when.hpp"

namespace pentad::command {
namespace {

constexpr std::string_view subcommand = "capture";

constexpr const char* manual =
    R"(Prints a line for each packet that the interfaces of this host send and receive:
the time, the interface, the way, the quintuple with the sender on the left,
flags, lengths, and the names of protocols. It goes on until --count packets or
a signal; then it says how many were captured and how many dropped for want of
room. It needs CAP_NET_RAW.

  --filter EXPR      only packets that match, in the language of tcpdump; see
                     pcap-filter(7). One with vlan is applied by the command itself
                     and not by the kernel, which costs more
  --flow QUINTUPLE   only packets of a connection, in both directions:
                     PROTOCOL ADDRESS:PORT > ADDRESS:PORT, where * matches all;
                     without ports where the protocol has none
  --write FILE       records the packets for Wireshark and tcpdump (pcapng) and
                     prints no lines, unless --print; - is standard output

Examples:
  pentad capture
  pentad capture -i eth0 --filter "port 53 or icmp"
  pentad capture --flow "tcp 10.9.0.1:* > 10.9.0.2:6667" --count 10
  pentad capture --write - --filter udp | wireshark -k -i -

Exit status: 0 done or ended by a signal, 1 the network or the file failed,
2 usage.)";

struct capture_arguments {
  std::string interface;
  std::string filter;
  std::string flow;
  std::string file;
  std::uint64_t count = 0;
  bool print = false;
  bool promiscuous = false;

  [[nodiscard]] bool records() const noexcept { return !file.empty(); }
  [[nodiscard]] bool prints() const noexcept { return !records() || print; }
};

std::string check_flow(const std::string& text) {
  const result<five_tuple_filter> flow = five_tuple_filter::parse(text);
  if (flow) return {};
  return "'" + text +
         "' is not a quintuple, such as \"tcp 10.9.0.1:* > *:6667\": " + flow.error().message();
}

int refuse(const std::string& what, std::error_code error, std::string_view advice = {}) {
  complain(subcommand, explain(what, error, advice));
  return exit_failed;
}

std::string expression_of(const capture_arguments& arguments) {
  std::string flow;
  if (!arguments.flow.empty()) flow = flow_expression(*five_tuple_filter::parse(arguments.flow));
  if (arguments.filter.empty()) return flow;
  return flow.empty() ? arguments.filter : "(" + arguments.filter + ") and " + flow;
}

std::string names_of(std::span<const network_interface> interfaces) {
  std::string names;
  for (const network_interface& each : interfaces) names += " " + each.name;
  return names;
}

// Those that are to be heard. None: said why.
std::vector<network_interface> wanted_interfaces(std::vector<network_interface> all,
                                                 const std::string& name) {
  if (name.empty() || name == "any") return all;
  for (const network_interface& each : all) {
    if (each.name == name) return {each};
  }
  complain(subcommand, "no interface is called " + name + "\n  There are:" + names_of(all));
  return {};
}

std::vector<link_type> links_of(std::span<const network_interface> interfaces) {
  std::set<link_type> links;
  for (const network_interface& each : interfaces) links.insert(each.link);
  return {links.begin(), links.end()};
}

// Standard output and a file of its own are both descriptors to write to.
struct recording_file {
  explicit recording_file(const std::string& path)
      : descriptor(path == "-" ? ::dup(STDOUT_FILENO)
                               : ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                                        S_IRUSR | S_IWUSR)) {}
  ~recording_file() {
    if (descriptor >= 0) ::close(descriptor);
  }
  recording_file(const recording_file&) = delete;
  recording_file& operator=(const recording_file&) = delete;

  int descriptor;
};

void say_statistics(packet_socket& frames, std::uint64_t captured) {
  std::string line = std::to_string(captured) + " captured";
  if (const result<packet_statistics> counted = frames.statistics()) {
    line += ", " + std::to_string(counted->dropped) + " dropped for want of room";
  }
  say(line);
}

// What the packet socket filters by and what is left to the session.
struct filters {
  std::vector<filter_instruction> early;
  late_filter late;
};

std::expected<filters, std::string> compile_filters(const std::string& expression,
                                                    std::span<const link_type> links) {
  filters made;
  if (asks_for_vlans(expression)) {
    auto late = late_filter::compile(expression);
    if (!late) return std::unexpected(late.error());
    made.late = std::move(*late);
  } else {
    auto early = compile_filter(expression, links);
    if (!early) return std::unexpected(early.error());
    made.early = std::move(*early);
  }
  return made;
}

task<int> capture_from(host& here, packet_socket& frames, const capture_settings& settings,
                       const capture_arguments& arguments, output_stream* lines,
                       output_stream* file) {
  signal_set signals{SIGINT, SIGTERM};
  capture_session session(here, frames, settings, lines, file);
  task<result<void>> capturing = session.run();
  auto ended = co_await when_any(signals.next(), capturing);
  say_statistics(frames, session.captured());
  if (file != nullptr && file->error()) {
    co_return refuse("cannot write " + arguments.file + ", which is not complete", file->error());
  }
  if (lines != nullptr && lines->error()) {
    co_return refuse("cannot write to standard output", lines->error());
  }
  const result<void>& end = ended.get<1>();
  if (end || end.error() == std::errc::operation_canceled) co_return exit_done;
  co_return refuse("cannot capture any more", end.error());
}

task<int> capture_to_outputs(host& here, packet_socket& frames, const capture_settings& settings,
                             const capture_arguments& arguments) {
  output_stream lines(STDOUT_FILENO);
  output_stream* const printed = arguments.prints() ? &lines : nullptr;
  if (!arguments.records()) {
    co_return co_await capture_from(here, frames, settings, arguments, printed, nullptr);
  }
  const recording_file opened(arguments.file);
  if (opened.descriptor < 0) {
    co_return refuse("cannot write " + arguments.file, {errno, std::generic_category()});
  }
  output_stream file(opened.descriptor);
  co_return co_await capture_from(here, frames, settings, arguments, printed, &file);
}

task<int> capture_program(host& here, const capture_arguments& arguments) {
  result<std::vector<network_interface>> all = here.interfaces();
  if (!all) co_return refuse("cannot list the interfaces", all.error());
  const auto wanted = wanted_interfaces(std::move(*all), arguments.interface);
  if (wanted.empty()) co_return exit_failed;
  const auto filter = compile_filters(expression_of(arguments), links_of(wanted));
  if (!filter) {
    complain(subcommand, "the filter '" + expression_of(arguments) +
                             "' is wrong: " + filter.error() + "\n  See `man 7 pcap-filter`.");
    co_return exit_usage;
  }
  const bool is_one = !arguments.interface.empty() && arguments.interface != "any";
  packet_options options{.interface = is_one ? wanted.front().index : 0,
                         .filter = filter->early,
                         .promiscuous = arguments.promiscuous};
  result<packet_socket> frames = here.packets(options);
  if (!frames) {
    co_return refuse("cannot capture", frames.error(), advice_on_raw(frames.error()));
  }
  say("capturing on " + (is_one ? arguments.interface : "all interfaces"));
  const capture_settings settings{.count = arguments.count, .filter = filter->late};
  co_return co_await capture_to_outputs(here, *frames, settings, arguments);
}

}  // namespace

void add_capture(CLI::App& app, command_line& line) {
  const auto arguments = std::make_shared<capture_arguments>();
  CLI::App& command =
      *app.add_subcommand(std::string(subcommand), "show the packets that come and go");
  command.add_option("--interface,-i", arguments->interface, "one interface; all if not given")
      ->type_name("NAME");
  command.add_option("--filter", arguments->filter, "only what matches, see below")
      ->type_name("EXPR");
  command.add_option("--flow", arguments->flow, "only one connection, see below")
      ->type_name("QUINTUPLE")
      ->check(CLI::Validator(check_flow, ""));
  command.add_option("--count,-c", arguments->count, "how many packets; without end if not given")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 53));
  CLI::Option& file = *command.add_option("--write,-w", arguments->file, "record them, see below")
                           ->type_name("FILE");
  command.add_flag("--print", arguments->print, "lines, too, when they are recorded")
      ->needs(&file)
      ->check([arguments](const std::string&) {
        return arguments->file == "-" ? std::string("both cannot go to standard output")
                                      : std::string();
      });
  command.add_flag("--promiscuous", arguments->promiscuous,
                   "what passes the interface for other stations, too");
  command.footer(manual);
  line.on_host(command, [arguments](host& here) { return capture_program(here, *arguments); });
}

}  // namespace pentad::command
