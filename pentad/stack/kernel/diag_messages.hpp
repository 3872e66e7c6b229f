// What the kernel says of one socket, sock_diag(7), as a flow. Bytes in, values out.
#pragma once

#include <span>

#include "pentad/base/result.hpp"
#include "pentad/stack/flow.hpp"

namespace pentad::kernel {

/// Which sockets a dump is about, for its messages do not say. Raw ones have their protocol in the
/// message.
struct inet_sockets {
  flow_kind kind;
  ip_protocol protocol;
};

/// An inet_diag_msg and its attributes. Errors: `bad_message` when it is too short or of no known
/// family.
result<flow> parse_inet_diag(std::span<const std::byte> message, inet_sockets which);

/// A unix_diag_msg and its attributes. The name of its peer is not in it, but the peer's inode.
/// Errors: `bad_message`.
result<flow> parse_unix_diag(std::span<const std::byte> message);

/// A state as Linux numbers it (TCP_ESTABLISHED is 1), of a flow of this kind: what is not TCP and
/// "closed" has no peer. Errors: `bad_message` for another number.
result<flow_state> parse_linux_state(unsigned number, bool is_tcp) noexcept;

}  // namespace pentad::kernel
