// The host that `ping` and `trace` are about.
#pragma once

#include <optional>
#include <string>

#include "pentad/socket/host.hpp"

namespace CLI {
class App;
}

namespace pentad::command {

struct target_arguments {
  std::string name;
  bool only_v4 = false;
  bool only_v6 = false;
};

/// Adds HOST, -4 and -6, read into `arguments`, which must outlive the parsing.
void add_target(CLI::App& subcommand, target_arguments& arguments);

/// The first address of the host, of the version that is asked for. Errors: those of
/// `host::resolve`; `errc::name_not_found`, it has none of that version.
task<result<ip_address>> find_target(host& here, const target_arguments& arguments);

/// What to do about an error of a raw or a packet socket; empty when there is nothing to advise.
std::string advice_on_raw(std::error_code error);

/// Adds an option in seconds, at least a millisecond, read into `value`.
void add_seconds(CLI::App& subcommand, const std::string& names, double& value,
                 const std::string& meaning);

/// Of seconds as users write them.
duration seconds_of(double seconds) noexcept;

}  // namespace pentad::command
