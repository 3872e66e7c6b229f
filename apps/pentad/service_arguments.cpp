#include "apps/pentad/service_arguments.hpp"

#include <CLI/CLI.hpp>

#include <charconv>

#include "pentad/base/error.hpp"

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

// `GROUP%IF`, or a group alone. With IPv6 the interface is the scope that its text can have anyway.
result<multicast_group> parse_group(std::string_view text) {
  const std::size_t separator = text.find('%');
  const std::string_view address = text.substr(0, separator);
  const result<ip_address> group = ip_address::parse(address);
  if (!group || !group->is_multicast()) return failure(errc::malformed_address);
  if (separator == text.npos) return multicast_group{.address = *group};
  // An address of IPv6 with that scope is what finds the number of an interface by its name.
  const result<ip_address> scoped =
      ip_address::parse("ff02::1" + std::string(text.substr(separator)));
  if (!scoped) return failure(scoped.error());
  return multicast_group{.address = *group, .interface = scoped->scope()};
}

std::string check_group(const std::string& text) {
  const result<multicast_group> group = parse_group(text);
  if (group) return {};
  if (group.error() == std::errc::no_such_device)
    return "'" + text + "' names no interface of this host";
  return "'" + text + "' is not GROUP%IF, such as 239.1.2.3%eth0";
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

std::optional<multicast_group> service_arguments::group() const {
  if (multicast.empty()) return {};
  return parse_group(multicast).value();
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
