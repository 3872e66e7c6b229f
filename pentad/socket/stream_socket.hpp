// A connected stream: bytes to one peer and from it, in order (TCP or a Unix socket).
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "pentad/base/five_tuple.hpp"
#include "pentad/stack/operations.hpp"

namespace pentad {

/// Owns the connection; closes it when it dies. One receive and one send may be in flight, of
/// whatever form; another ends with `connection_already_in_progress`.
class stream_socket {
 public:
  explicit stream_socket(owned_impl<stream_impl> impl) noexcept : impl_(std::move(impl)) {}

  /// Waits for bytes and puts them into `buffer`: how many, 0 when the peer finished sending. Bytes
  /// that have arrived are returned whatever raced them. Errors: `invalid_argument` for an empty
  /// buffer, `connection_reset`, `timed_out`, `operation_canceled`, others of recv(2).
  receive_operation receive(std::span<std::byte> buffer, within limit = {}) noexcept {
    return {impl_.get(), buffer, limit};
  }

  /// The same without a copy: bytes in a buffer of the stack, which takes it back when the result
  /// dies. An idle connection holds no buffer.
  lend_operation receive(within limit = {}) noexcept { return {impl_.get(), limit}; }

  /// Sends all of `bytes`, which must stay until it ends. After an error `sent` tells how far it
  /// came. Errors: `broken_pipe`, `connection_reset`, `timed_out`, `operation_canceled`, others of
  /// send(2).
  send_operation send(std::span<const std::byte> bytes, within limit = {}) noexcept {
    return {impl_.get(), bytes, limit};
  }

  /// Sends many buffers in order, as if they were one. The spans must stay until it ends, too.
  send_parts_operation send(std::span<const std::span<const std::byte>> parts,
                            within limit = {}) noexcept {
    return {impl_.get(), parts, limit};
  }

  /// Sends `count` bytes of an open file, from `offset` on, and returns how many it has sent: fewer
  /// when the file ends before. Errors: those of `send` and of sendfile(2).
  send_file_operation send_file(int descriptor, std::uint64_t offset, std::uint64_t count,
                                within limit = {}) noexcept {
    return {impl_.get(), descriptor, offset, count, limit};
  }

  /// Waits for the times of the next message (what one send sent) on its way out. Errors:
  /// `operation_not_supported` unless the option `path_tracing` is on.
  sent_message_operation sent_message(within limit = {}) noexcept { return {impl_.get(), limit}; }

  /// When the bytes that the last receive returned passed the hops of their way in; empty unless
  /// the option `path_tracing` is on.
  hop_times received_times() const noexcept { return impl_->received_times(); }

  /// Bytes that the stack has taken so far.
  std::uint64_t sent() const noexcept { return impl_->sent; }

  /// Ends one way of the connection. `direction::send` tells the peer that all is sent; receiving
  /// goes on. Errors: `not_connected`.
  result<void> shutdown(direction way) { return impl_->shutdown(way); }

  /// Ends the socket's operations with `operation_canceled` and closes the connection; what was
  /// sent is still delivered. The socket can then only be destroyed or assigned.
  void close() noexcept { impl_.reset(); }

  /// Closes the connection at once: what was sent may be lost, and a TCP peer gets a reset.
  void abort() noexcept {
    if (impl_) impl_.release()->release(true);
  }

  bool is_open() const noexcept { return impl_ != nullptr; }

  /// The five values that identify the connection; none for a Unix socket, or once the peer has
  /// reset it.
  std::optional<five_tuple> tuple() const;

  /// Errors: `not_connected` for a peer that is gone.
  result<socket_address> local() const { return impl_->local(); }
  result<socket_address> remote() const { return impl_->remote(); }

  stream_info info() const { return impl_->info(); }

  /// Sets the options that are not empty. Errors: `operation_not_supported`, others of
  /// setsockopt(2).
  result<void> set(const stream_options& options) { return impl_->set(options); }

 private:
  owned_impl<stream_impl> impl_;
};

}  // namespace pentad
