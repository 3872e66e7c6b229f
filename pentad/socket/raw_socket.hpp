// A raw socket: the packets of one protocol of IP, such as ICMP.
#pragma once

#include <optional>
#include <span>

#include "pentad/base/five_tuple.hpp"
#include "pentad/stack/datagram_operations.hpp"
#include "pentad/stack/stack.hpp"

namespace pentad {

/// Works as `datagram_socket` does; the ports of its endpoints mean nothing and are 0. What is
/// received begins after the IP header, with either version of IP, unless `header_included` is set.
class raw_socket {
 public:
  raw_socket(owned_impl<datagram_impl> impl, ip_protocol protocol) noexcept
      : impl_(std::move(impl)), protocol_(protocol) {}

  /// Waits for a packet and puts it into `buffer`, as far as it has room. Errors: as
  /// `datagram_socket::receive`.
  receive_datagram_operation receive(std::span<std::byte> buffer, within limit = {}) noexcept {
    return {impl_.get(), buffer, limit};
  }
  receive_datagrams_operation receive(std::span<datagram_slot> slots, within limit = {}) noexcept {
    return {impl_.get(), slots, limit};
  }

  /// Sends one packet. Errors: as `datagram_socket::send`.
  send_datagram_operation send(std::span<const std::byte> bytes, const ip_address& to,
                               within limit = {}) noexcept {
    return {impl_.get(), {.bytes = bytes, .to = socket_address(endpoint(to, 0))}, limit};
  }
  send_datagram_operation send(std::span<const std::byte> bytes, within limit = {}) noexcept {
    return {impl_.get(), {.bytes = bytes}, limit};
  }
  send_datagram_operation send(const outgoing_datagram& packet, within limit = {}) noexcept {
    return {impl_.get(), packet, limit};
  }

  receive_error_operation receive_error(std::span<std::byte> buffer = {},
                                        within limit = {}) noexcept {
    return {impl_.get(), buffer, limit};
  }
  sent_message_operation sent_message(within limit = {}) noexcept { return {impl_.get(), limit}; }

  /// bind(): receives only what is for this address, and sends from it.
  result<void> bind(const ip_address& local) { return impl_->bind(endpoint(local, 0)); }
  result<void> connect(const ip_address& remote) { return impl_->connect(endpoint(remote, 0)); }
  result<void> disconnect() { return impl_->disconnect(); }

  result<void> join(const multicast_group& group) { return impl_->join(group); }
  result<void> leave(const multicast_group& group) { return impl_->leave(group); }
  result<void> set(const datagram_options& options) { return impl_->set(options); }

  /// `icmp 10.9.0.1 > 10.9.0.2`.
  std::optional<five_tuple> tuple() const;

  /// The endpoint that it is bound to. Of an unprivileged ICMP socket the port is the identifier of
  /// its echo requests.
  result<socket_address> local() const { return impl_->local(); }
  result<socket_address> remote() const { return impl_->remote(); }
  result<std::uint32_t> path_mtu() const { return impl_->path_mtu(); }

  void close() noexcept { impl_.reset(); }
  bool is_open() const noexcept { return impl_ != nullptr; }

 private:
  owned_impl<datagram_impl> impl_;
  ip_protocol protocol_;
};

}  // namespace pentad
