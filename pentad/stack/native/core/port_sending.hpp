// What the ports of UDP and raw sockets do alike when they send: the way, whether the packet is not
// too long for it, and what goes into its header.
#pragma once

#include "pentad/stack/native/core/datagram_port.hpp"
#include "pentad/stack/native/core/ip_output.hpp"

namespace pentad::native {

/// The way of a message to `to`. Errors: `permission_denied` for a broadcast that was not allowed,
/// `no_such_device`, `invalid_argument` for a source that is not this host's,
/// `network_unreachable`.
result<path> way_of(ip_output& output, const datagram_port& port, const port_message& message,
                    const ip_address& to);

/// How a packet of `size` bytes, its IP header included, is sent on its way; nothing if it is too
/// long for how the port wants it.
struct packet_length {
  bool fits;     ///< into what the path is known to take
  bool refused;  ///< by the options of the port
  std::uint32_t most;
};
packet_length length_on(const path& way, const datagram_port& port, std::size_t size) noexcept;

/// The packet around `payload`, which begins with its transport header.
outgoing_packet packet_of(const datagram_port& port, const port_message& message, const path& way,
                          const ip_address& to, ip_protocol protocol, packet&& payload, bool fits,
                          bool is_broadcast) noexcept;

}  // namespace pentad::native
