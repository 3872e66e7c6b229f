#include "apps/pentad/target.hpp"

#include <CLI/CLI.hpp>

#include <charconv>

#include "pentad/base/error.hpp"

namespace pentad::command {
namespace {

constexpr double least_seconds = 0.001;
constexpr double most_seconds = 1e6;

// CLI11's own range lets "nan" pass.
std::string check_seconds(const std::string& text) {
  double seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [parsed_to, error] = std::from_chars(text.data(), end, seconds);
  const bool sound = error == std::errc() && parsed_to == end && seconds >= least_seconds &&
                     seconds <= most_seconds;
  return sound ? std::string() : "'" + text + "' is not a number of seconds, at least 0.001";
}

}  // namespace

void add_target(CLI::App& subcommand, target_arguments& arguments) {
  subcommand.add_option("HOST", arguments.name, "a host name or an address")
      ->type_name("")
      ->required();
  CLI::Option& v4 = *subcommand.add_flag("-4", arguments.only_v4, "over IPv4 alone");
  subcommand.add_flag("-6", arguments.only_v6, "over IPv6 alone")->excludes(&v4);
}

void add_seconds(CLI::App& subcommand, const std::string& names, double& value,
                 const std::string& meaning) {
  subcommand.add_option(names, value, meaning)
      ->type_name("SECONDS")
      ->check(CLI::Validator(check_seconds, ""))
      ->capture_default_str();
}

duration seconds_of(double seconds) noexcept {
  return std::chrono::duration_cast<duration>(std::chrono::duration<double>(seconds));
}

task<result<ip_address>> find_target(host& here, const target_arguments& arguments) {
  const result<std::vector<ip_address>> found = co_await here.resolve(arguments.name);
  if (!found) co_return failure(found.error());
  for (const ip_address& each : *found) {
    if (arguments.only_v4 && !each.is_v4()) continue;
    if (arguments.only_v6 && !each.is_v6()) continue;
    co_return each;
  }
  co_return failure(errc::name_not_found);
}

std::string advice_on_raw(std::error_code error) {
  if (error != std::errc::operation_not_permitted) return {};
  std::string advice =
      "Run it as root, or give it the capability: setcap cap_net_raw+ep \"$(command -v pentad)\"";
  if (error == errc::needs_ping_group) {
    advice +=
        ".\n  Or let everybody ask for echoes: sysctl net.ipv4.ping_group_range=\"0 2147483647\"";
  }
  return advice + ".";
}

}  // namespace pentad::command
