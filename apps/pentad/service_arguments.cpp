#include "apps/pentad/service_arguments.hpp"

#include <CLI/CLI.hpp>

#include <charconv>

#include "pentad/socket/host.hpp"

namespace pentad::command {
namespace {

constexpr double shortest_timeout = 0.001;
constexpr double longest_timeout = 1e8;  // in seconds, three years

// What is wrong with an address; nothing if it can be listened on or connected to.
std::string check_address(const std::string& text) {
  const result<service_address> service = service_address::parse(text);
  if (!service && service.error() == std::errc::filename_too_long) {
    return text + ": the path of a Unix socket has at most " +
           std::to_string(unix_endpoint::longest_path) + " bytes";
  }
  if (!service || service->scheme == service_scheme::irc) {
    return "'" + text + "' is none of tcp://HOST:PORT, udp://HOST:PORT, unix:PATH, unixgram:PATH";
  }
  return {};
}

// `GROUP%IF`, or a group alone.
struct group_text {
  ip_address group;
  std::string_view interface;  // empty: none is named
};

std::optional<group_text> parse_group(std::string_view text) {
  const std::size_t separator = text.find('%');
  const result<ip_address> group = ip_address::parse(text.substr(0, separator));
  if (!group || !group->is_multicast()) return {};
  if (separator == text.npos) return group_text{*group, {}};
  const std::string_view interface = text.substr(separator + 1);
  if (interface.empty()) return {};
  return group_text{*group, interface};
}

std::string check_group(const std::string& text) {
  if (parse_group(text)) return {};
  return "'" + text + "' is not GROUP%IF, such as 239.1.2.3%eth0";
}

// By its name on the host's stack, or by its number.
result<std::uint32_t> find_interface(host& here, std::string_view wanted) {
  const result<std::vector<network_interface>> all = here.interfaces();
  if (!all) return failure(all.error());
  for (const network_interface& each : *all) {
    if (each.name == wanted || std::to_string(each.index) == wanted) return each.index;
  }
  return failure(std::errc::no_such_device);
}

duration to_duration(double seconds) {
  return std::chrono::duration_cast<duration>(std::chrono::duration<double>(seconds));
}

// CLI11's own range lets "nan" pass.
bool is_time(const std::string& text, double shortest) {
  double seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [parsed_to, error] = std::from_chars(text.data(), end, seconds);
  return error == std::errc() && parsed_to == end && seconds >= shortest &&
         seconds <= longest_timeout;
}

std::string check_timeout(const std::string& text) {
  if (is_time(text, shortest_timeout)) return {};
  return "'" + text + "' is not a number of seconds, at least 0.001";
}

std::string check_wait(const std::string& text) {
  if (is_time(text, 0)) return {};
  return "'" + text + "' is not a number of seconds";
}

}  // namespace

conversation_settings service_arguments::settings(std::string_view subcommand) const {
  conversation_settings made{.subcommand = subcommand, .verbose = verbose};
  if (timeout) made.timeout = to_duration(*timeout);
  return made;
}

datagram_settings service_arguments::datagrams(std::string_view subcommand) const {
  datagram_settings made{.subcommand = subcommand, .verbose = verbose};
  if (timeout) made.timeout = to_duration(*timeout);
  made.wait = to_duration(wait);
  made.batch = batch;
  if (service().is_unix()) made.most_bytes = most_unix_bytes;
  return made;
}

result<std::optional<multicast_group>> service_arguments::group(host& here) const {
  if (multicast.empty()) return std::nullopt;
  const group_text text = parse_group(multicast).value();
  multicast_group found{.address = text.group};
  if (!text.interface.empty()) {
    const result<std::uint32_t> interface = find_interface(here, text.interface);
    if (!interface) return failure(interface.error());
    found.interface = *interface;
  }
  return found;
}

CLI::Option& add_service_arguments(CLI::App& subcommand, service_arguments& arguments) {
  CLI::Option& address =
      *subcommand
           .add_option("ADDRESS", arguments.address,
                       "tcp://HOST:PORT, udp://HOST:PORT, unix:PATH or unixgram:PATH")
           ->type_name("")
           ->check(CLI::Validator(check_address, ""))
           ->required();
  subcommand
      .add_option("--timeout", arguments.timeout,
                  "give up after so long without a connection, or without bytes on it")
      ->type_name("SECONDS")
      ->check(CLI::Validator(check_timeout, ""));
  subcommand.add_flag("--verbose,-v", arguments.verbose,
                      "say which connections begin and end, by their quintuples");
  subcommand
      .add_option("--wait", arguments.wait,
                  "with datagrams, which have no end: how long to wait for more after the end of "
                  "the input")
      ->type_name("SECONDS")
      ->default_str("1")
      ->check(CLI::Validator(check_wait, ""));
  subcommand
      .add_option("--batch", arguments.batch, "datagrams that one system call may send or receive")
      ->type_name("COUNT")
      ->default_str("16")
      ->check(CLI::Range(1, 64));
  subcommand
      .add_option("--multicast", arguments.multicast,
                  "listen: join this group; connect: send to groups through this interface")
      ->type_name("GROUP%IF")
      ->check(CLI::Validator(check_group, ""));
  return address;
}

}  // namespace pentad::command
