// Sending on a socket with the option `errors`.
#pragma once

#include "pentad/runtime/task.hpp"
#include "pentad/socket/host.hpp"

namespace pentad::command {

/// Sends a message on a datagram or raw socket, which must outlive the sending. Whatever came back
/// about an earlier message ends the socket's next operation, so an error counts when it comes
/// again.
template <class Socket>
task<result<void>> send_despite_errors(Socket& socket, outgoing_datagram message) {
  constexpr int most_tries = 3;
  result<void> sent;
  for (int tries = 0; tries != most_tries; ++tries) {
    sent = co_await socket.send(message);
    if (sent || sent.error() == std::errc::operation_canceled) break;
  }
  co_return sent;
}

/// How many receives in a row may fail on such a socket before it is the socket that fails.
inline constexpr int most_errors_in_a_row = 1000;

}  // namespace pentad::command
