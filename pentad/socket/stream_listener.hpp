// A stream socket that takes connections.
#pragma once

#include "pentad/socket/stream_socket.hpp"

namespace pentad {

/// The next connection of a listener.
class [[nodiscard]] accept_operation final : public awaitable<accept_operation, accept_request> {
 public:
  accept_operation(listener_impl* on, within limit) noexcept : awaitable(on, limit) {}
  accept_operation(const accept_operation& other, within limit) noexcept
      : accept_operation(other.impl, limit) {}

  result<stream_socket> await_resume() noexcept {
    if (error != 0) return operation_failure(error);
    return stream_socket(std::move(accepted));
  }
};

/// Owns the listening socket; closes it when it dies, together with connections that nobody has
/// accepted. The file of a Unix listener goes with it.
class stream_listener {
 public:
  explicit stream_listener(owned_impl<listener_impl> impl) noexcept : impl_(std::move(impl)) {}

  /// Waits for the next connection. Errors: `timed_out`, `operation_canceled`,
  /// `connection_already_in_progress` when somebody waits already, those of accept(2) that do not
  /// pass by themselves. When descriptors run out it waits until some are free again.
  accept_operation accept(within limit = {}) noexcept { return {impl_.get(), limit}; }

  /// Where it listens, with the port that the system chose for port 0.
  result<socket_address> local() const { return impl_->local(); }

  void close() noexcept { impl_.reset(); }
  bool is_open() const noexcept { return impl_ != nullptr; }

 private:
  owned_impl<listener_impl> impl_;
};

}  // namespace pentad
