// The hosts of the demo as processes: each in a network of its own where that is allowed, else on
// the machine's loopback interface.
#pragma once

#include <chrono>
#include <string_view>

#include "apps/messenger/demo/process.hpp"
#include "pentad/base/endpoint.hpp"
#include "pentad/base/result.hpp"

namespace pentad::messenger::demo {

/// Each process waits to be told an endpoint, of the server that A goes to or that B is to have;
/// then it plays its part (play.hpp), tells how, and ends.
struct two_hosts {
  process a;
  process b;
  ip_address address_of_a;
  endpoint server;  ///< where B is to have it; port 0 for any
};

using deadline = std::chrono::steady_clock::time_point;

/// Two networks that are joined by a cable. `stack` is what each host stands on. Errors: what the
/// kernel does not allow; `timed_out`.
result<two_hosts> make_hosts_apart(std::string_view stack, deadline until);

/// The same, on loopback addresses.
result<two_hosts> make_hosts_on_loopback(std::string_view stack);

}  // namespace pentad::messenger::demo
