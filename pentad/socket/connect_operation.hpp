// A connection in the making, awaited.
#pragma once

#include "pentad/socket/stream_socket.hpp"

namespace pentad {

class [[nodiscard]] connect_operation final : public awaitable<connect_operation, connect_request> {
 public:
  connect_operation(owned_impl<unconnected_impl> from, const socket_address& to,
                    within limit) noexcept
      : awaitable(std::move(from), to, limit) {}
  connect_operation(stack& on, const socket_address& to, const stream_options& options,
                    within limit) noexcept
      : awaitable(on, to, options, limit) {}
  connect_operation(connect_operation&& other, within limit) noexcept
      : awaitable(static_cast<connect_request&&>(other), limit) {}

  /// The same operation with a deadline.
  connect_operation timeout(duration limit) && {
    return connect_operation(std::move(*this), within(limit));
  }

  result<stream_socket> await_resume() noexcept {
    if (error != 0) return operation_failure(error);
    return stream_socket(std::move(connected));
  }
};

}  // namespace pentad
