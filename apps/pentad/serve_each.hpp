// A server of many peers at once.
#pragma once

#include <system_error>

#include "pentad/socket/host.hpp"

namespace pentad::command {

/// Accepts connections and lets `serve` have each, all at once, until accepting fails or is
/// cancelled; then the others are cancelled and joined. Ends with that error.
task<std::error_code> serve_each(stream_listener& listener, task<> (*serve)(stream_socket));

}  // namespace pentad::command
