// A datagram socket: messages to anybody and from anybody, each whole or not at all (UDP or a Unix
// socket).
#pragma once

#include <optional>

#include "pentad/base/five_tuple.hpp"
#include "pentad/socket/message_socket.hpp"

namespace pentad {

class datagram_socket : public message_socket {
 public:
  explicit datagram_socket(owned_impl<datagram_impl> impl) noexcept
      : message_socket(std::move(impl)) {}

  using message_socket::send;

  /// To `to`.
  send_datagram_operation send(std::span<const std::byte> bytes, const socket_address& to,
                               within limit = {}) noexcept {
    return {&impl(), {.bytes = bytes, .to = to}, limit};
  }

  /// Fixes the peer: only its datagrams are received, and errors about it are told. Errors:
  /// `network_unreachable`, others of connect(2).
  result<void> connect(const socket_address& remote) { return impl().connect(remote); }

  /// Protocol, addresses and ports; `*:*` as the remote endpoint while it is not connected. None
  /// for a Unix socket.
  std::optional<five_tuple> tuple() const;
};

}  // namespace pentad
