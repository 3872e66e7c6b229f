// The far side of `pentad path` for peers that come: `pentad listen --echo --path`.
#pragma once

#include "pentad/socket/host.hpp"

namespace pentad::command {

/// Serves the first connection, or, with `keep`, all of them until it is cancelled. Ends with an
/// exit code.
task<int> serve_paths(stream_listener& listener, bool keep);

/// Serves whoever sends, until it is cancelled. The socket has path tracing.
task<int> serve_paths(datagram_socket socket);

}  // namespace pentad::command
