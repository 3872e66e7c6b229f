#include "apps/pentad/stream_arguments.hpp"

#include <CLI/CLI.hpp>

#include <charconv>

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
  if (!service ||
      (service->scheme != service_scheme::tcp && service->scheme != service_scheme::unix_stream)) {
    return "'" + text + "' is neither tcp://HOST:PORT nor unix:PATH";
  }
  return {};
}

// CLI11's own range lets "nan" pass.
std::string check_timeout(const std::string& text) {
  double seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [parsed_to, error] = std::from_chars(text.data(), end, seconds);
  const bool sound = error == std::errc() && parsed_to == end && seconds >= shortest_timeout &&
                     seconds <= longest_timeout;
  return sound ? std::string() : "'" + text + "' is not a number of seconds, at least 0.001";
}

}  // namespace

conversation_settings stream_arguments::settings(std::string_view subcommand) const {
  conversation_settings made{.subcommand = subcommand, .verbose = verbose};
  if (timeout) {
    made.timeout = std::chrono::duration_cast<duration>(std::chrono::duration<double>(*timeout));
  }
  return made;
}

CLI::Option& add_stream_arguments(CLI::App& subcommand, stream_arguments& arguments) {
  CLI::Option& address =
      *subcommand.add_option("ADDRESS", arguments.address, "tcp://HOST:PORT or unix:PATH")
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
  return address;
}

}  // namespace pentad::command
