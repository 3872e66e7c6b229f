// A raw socket: the packets of one protocol of IP, such as ICMP.
#pragma once

#include <optional>

#include "pentad/base/five_tuple.hpp"
#include "pentad/socket/message_socket.hpp"

namespace pentad {

/// The ports of its endpoints mean nothing and are 0. What is received begins after the IP header,
/// with either version of IP, unless `header_included` is set. Of an unprivileged ICMP socket the
/// local port is the identifier of its echo requests.
class raw_socket : public message_socket {
 public:
  raw_socket(owned_impl<datagram_impl> impl, ip_protocol protocol) noexcept
      : message_socket(std::move(impl)), protocol_(protocol) {}

  using message_socket::send;

  /// To `to`.
  send_datagram_operation send(std::span<const std::byte> bytes, const ip_address& to,
                               within limit = {}) noexcept {
    return {&impl(), {.bytes = bytes, .to = socket_address(endpoint(to, 0))}, limit};
  }

  /// bind(): receives only what is for this address, and sends from it.
  result<void> bind(const ip_address& local) { return impl().bind(endpoint(local, 0)); }

  /// Fixes the peer: only its packets are received, and errors about it are told.
  result<void> connect(const ip_address& remote) { return impl().connect(endpoint(remote, 0)); }

  /// `icmp 10.9.0.1 > 10.9.0.2`.
  std::optional<five_tuple> tuple() const;

 private:
  ip_protocol protocol_;
};

}  // namespace pentad
