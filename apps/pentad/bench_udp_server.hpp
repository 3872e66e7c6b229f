// The serving side of `pentad bench udp`.
#pragma once

#include "pentad/socket/host.hpp"

namespace pentad::command {

/// Answers and counts the datagrams of measuring peers until it is cancelled. Errors: those of the
/// socket.
task<result<>> serve_udp_bench(datagram_socket socket);

}  // namespace pentad::command
