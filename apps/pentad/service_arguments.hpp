// The part of the command line that `listen` and `connect` have in common.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "apps/pentad/conversation.hpp"
#include "apps/pentad/datagram_conversation.hpp"
#include "pentad/base/service_address.hpp"

namespace CLI {
class Option;
}

namespace pentad::command {

struct service_arguments {
  std::string address;
  std::optional<double> timeout;  ///< in seconds
  bool verbose = false;
  double wait = 1;         ///< of datagrams, in seconds
  std::size_t batch = 16;  ///< datagrams
  std::string multicast;   ///< GROUP%IF

  bool is_datagram() const {
    const service_scheme scheme = service().scheme;
    return scheme == service_scheme::udp || scheme == service_scheme::unix_datagram;
  }

  /// The address, which was checked, as a view into this object.
  service_address service() const { return service_address::parse(address).value(); }

  conversation_settings settings(std::string_view subcommand) const;
  datagram_settings datagrams(std::string_view subcommand) const;

  /// The group of --multicast, if there is one, on the interface of that name. Errors:
  /// `no_such_device`.
  result<std::optional<multicast_group>> group(host& here) const;
};

/// Adds ADDRESS, --timeout, --verbose and the options of datagrams, read into `arguments`, which
/// must outlive the parsing. Returns the option of the address.
CLI::Option& add_service_arguments(CLI::App& subcommand, service_arguments& arguments);

}  // namespace pentad::command
