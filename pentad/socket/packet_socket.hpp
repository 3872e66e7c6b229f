// A packet socket: whole frames of a host's interfaces, as they come and go.
#pragma once

#include "pentad/stack/stack.hpp"

namespace pentad {

/// Owns the socket; closes it when it dies. One receive may be in flight.
class packet_socket {
 public:
  explicit packet_socket(owned_impl<packet_impl> impl) noexcept : impl_(std::move(impl)) {}

  /// Waits for a frame, which stays in the stack's memory until the next receive. Errors:
  /// `network_down` when the interface goes, `timed_out`, `operation_canceled`.
  receive_frame_operation receive(within limit = {}) noexcept { return {impl_.get(), limit}; }

  /// Sends a whole frame through an interface. Errors: `message_size`, `network_down`,
  /// `no_buffer_space` when the interface takes no more now, others of send(2).
  result<void> send(std::uint32_t interface, std::span<const std::byte> frame) {
    return impl_->send(interface, frame);
  }

  /// How many frames passed the filter since the socket was opened, and how many of these were lost
  /// for want of room.
  result<packet_statistics> statistics() { return impl_->statistics(); }

  void close() noexcept { impl_.reset(); }
  bool is_open() const noexcept { return impl_ != nullptr; }

 private:
  owned_impl<packet_impl> impl_;
};

}  // namespace pentad
