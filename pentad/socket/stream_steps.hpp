// The steps to a stream as the textbooks have them: socket, bind, listen, connect. Each state is a
// type of its own and is left by moving it, so that a wrong order does not compile.
#pragma once

#include "pentad/socket/connect_operation.hpp"
#include "pentad/socket/stream_listener.hpp"
#include "pentad/socket/stream_socket.hpp"

namespace pentad {

/// After bind(): has a local address.
class bound_socket {
 public:
  explicit bound_socket(owned_impl<unconnected_impl> impl) noexcept : impl_(std::move(impl)) {}

  /// listen(). Errors: `address_in_use`.
  result<stream_listener> listen(int backlog) &&;

  /// connect(). Errors: `connection_refused`, `host_unreachable`, `network_unreachable`,
  /// `timed_out`, `operation_canceled`, others of connect(2).
  connect_operation connect(const socket_address& remote, within limit = {}) && {
    return {std::move(impl_), remote, limit};
  }

  result<socket_address> local() const { return impl_->local(); }

 private:
  owned_impl<unconnected_impl> impl_;
};

/// After socket(): no address yet.
class unbound_socket {
 public:
  explicit unbound_socket(owned_impl<unconnected_impl> impl) noexcept : impl_(std::move(impl)) {}

  /// bind(). Errors: `address_in_use`, `address_not_available`, `permission_denied`, others of
  /// bind(2).
  result<bound_socket> bind(const socket_address& local) &&;

  /// connect() from an address that the stack chooses.
  connect_operation connect(const socket_address& remote, within limit = {}) && {
    return {std::move(impl_), remote, limit};
  }

 private:
  owned_impl<unconnected_impl> impl_;
};

}  // namespace pentad
