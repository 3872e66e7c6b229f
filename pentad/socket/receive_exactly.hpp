// As many bytes of a stream as a program knows that there must be.
#pragma once

#include <span>

#include "pentad/runtime/task.hpp"
#include "pentad/socket/stream_socket.hpp"

namespace pentad {

/// Fills all of `buffer`, which must stay until it ends. Errors: `connection_reset` when the peer
/// finishes sending before; those of `stream_socket::receive`.
task<result<void>> receive_exactly(stream_socket& from, std::span<std::byte> buffer);

}  // namespace pentad
