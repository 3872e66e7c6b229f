// What sockets that carry messages, datagrams or packets, have in common.
#pragma once

#include <cstdint>
#include <span>

#include "pentad/stack/datagram_operations.hpp"
#include "pentad/stack/stack.hpp"

namespace pentad {

/// Owns the socket; closes it when it dies. Of receive, send, `receive_error` and `sent_message`
/// one each may be in flight; another ends with `connection_already_in_progress`.
class message_socket {
 public:
  /// Waits for a message and puts it into `buffer`, as far as it has room; the result says whether
  /// it had. Errors: `connection_refused` and others that ICMP reported about what was sent;
  /// `timed_out`, `operation_canceled`, others of recvmsg(2).
  receive_datagram_operation receive(std::span<std::byte> buffer, within limit = {}) noexcept {
    return {impl_.get(), buffer, limit};
  }

  /// The same for many at once: waits for the first only.
  receive_datagrams_operation receive(std::span<datagram_slot> slots, within limit = {}) noexcept {
    return {impl_.get(), slots, limit};
  }

  /// Sends one message to the peer that the socket is connected to. Errors:
  /// `destination_address_required`, `message_size`, `connection_refused` and others that ICMP
  /// reported about earlier ones, `timed_out`, `operation_canceled`, others of sendmsg(2).
  send_datagram_operation send(std::span<const std::byte> bytes, within limit = {}) noexcept {
    return {impl_.get(), {.bytes = bytes}, limit};
  }

  /// With its destination, source, interface, hop limit, traffic class or segment size. Errors:
  /// `operation_not_supported` for what the kind of socket has not.
  send_datagram_operation send(const outgoing_datagram& message, within limit = {}) noexcept {
    return {impl_.get(), message, limit};
  }

  /// All of many, in order; how many the stack took.
  send_datagrams_operation send(std::span<const outgoing_datagram> messages,
                                within limit = {}) noexcept {
    return {impl_.get(), messages, limit};
  }

  /// Waits for the next error that came back about a message that was sent; `buffer` takes as much
  /// of that as is known. Errors: `operation_not_supported` unless the option `errors` is on,
  /// `timed_out`, `operation_canceled`.
  receive_error_operation receive_error(std::span<std::byte> buffer = {},
                                        within limit = {}) noexcept {
    return {impl_.get(), buffer, limit};
  }

  /// Waits for the times of the next message that was sent. Errors: `operation_not_supported`
  /// unless the option `path_tracing` is on.
  sent_message_operation sent_message(within limit = {}) noexcept { return {impl_.get(), limit}; }

  /// Undoes `connect`.
  result<void> disconnect() { return impl_->disconnect(); }

  /// Joins a multicast group. Errors: `no_such_device`, `address_in_use` when it is joined already,
  /// others of IP_ADD_MEMBERSHIP in ip(7).
  result<void> join(const multicast_group& group) { return impl_->join(group); }
  result<void> leave(const multicast_group& group) { return impl_->leave(group); }

  /// Sets the options that are not empty. Errors: `operation_not_supported`, others of
  /// setsockopt(2).
  result<void> set(const datagram_options& options) { return impl_->set(options); }

  result<socket_address> local() const { return impl_->local(); }

  /// Errors: `not_connected`.
  result<socket_address> remote() const { return impl_->remote(); }

  /// The largest IP packet that the path to the connected peer takes, in bytes. Errors:
  /// `not_connected`.
  result<std::uint32_t> path_mtu() const { return impl_->path_mtu(); }

  /// Ends the socket's operations with `operation_canceled`. The socket can then only be destroyed
  /// or assigned.
  void close() noexcept { impl_.reset(); }
  bool is_open() const noexcept { return impl_ != nullptr; }

 protected:
  explicit message_socket(owned_impl<datagram_impl> impl) noexcept : impl_(std::move(impl)) {}
  message_socket(message_socket&&) = default;
  message_socket& operator=(message_socket&&) = default;
  ~message_socket() = default;

  datagram_impl& impl() const noexcept { return *impl_; }

 private:
  owned_impl<datagram_impl> impl_;
};

}  // namespace pentad
