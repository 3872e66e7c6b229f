// How a host turns names into addresses: which servers it asks, how, and for which names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pentad/base/clock.hpp"
#include "pentad/base/endpoint.hpp"
#include "pentad/socket/names/hosts_file.hpp"

namespace pentad {

/// A value: where it comes from is the business of whoever makes the host. The defaults are those
/// of resolv.conf(5).
struct resolver_configuration {
  /// Asked in this order; without one, only the hosts file, `localhost` and addresses are known.
  std::vector<endpoint> servers;
  /// Domains that complete a name.
  std::vector<std::string> search;
  /// A name with at least so many dots is tried as it is before it is completed.
  unsigned dots = 1;
  /// How long a server may take, each time it is asked.
  duration timeout = std::chrono::seconds(5);
  /// How often all servers are asked.
  unsigned attempts = 2;
  /// Begins with another server each time.
  bool rotate = false;
  /// Asks over TCP alone.
  bool use_tcp = false;
  /// Names that need no server.
  hosts_file hosts;

  /// `text` is that of a resolv.conf(5); what is not understood in it is passed over. Without a
  /// server in it the one of this machine is asked; `domain` is searched if it names none.
  static resolver_configuration parse(std::string_view text, std::string_view domain = {});
};

}  // namespace pentad
