// The part of the command line that `listen` and `connect` have in common.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "apps/pentad/conversation.hpp"
#include "pentad/base/service_address.hpp"

namespace CLI {
class Option;
}

namespace pentad::command {

struct stream_arguments {
  std::string address;
  std::optional<double> timeout;  ///< in seconds
  bool verbose = false;

  /// The address, which was checked, as a view into this object.
  service_address service() const { return service_address::parse(address).value(); }

  conversation_settings settings(std::string_view subcommand) const;
};

/// Adds ADDRESS, --timeout and --verbose, read into `arguments`, which must outlive the parsing.
/// Returns the option of the address.
CLI::Option& add_stream_arguments(CLI::App& subcommand, stream_arguments& arguments);

}  // namespace pentad::command
