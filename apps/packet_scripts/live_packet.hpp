// Packets as bytes: those that arrive are made, those that were sent are read.
#pragma once

#include <span>
#include <vector>

#include "apps/packet_scripts/script.hpp"
#include "pentad/base/endpoint.hpp"
#include "pentad/wire/icmpv4.hpp"
#include "pentad/wire/tcp.hpp"

namespace pentad::packet_scripts {

using bytes = std::vector<std::byte>;

/// A packet that was sent, as its headers have it. For UDP only ports and sizes count.
struct live_packet {
  ip_protocol protocol{};
  endpoint source;
  endpoint destination;
  std::uint8_t traffic_class = 0;
  tcp_packet tcp;  ///< numbers as on the wire
  std::size_t payload_size = 0;
  std::uint8_t icmp_type = 0;
  std::uint8_t icmp_code = 0;
  std::uint32_t icmp_mtu = 0;             ///< what stands in its place, where there is none
  std::optional<std::size_t> quoted_udp;  ///< an error about a datagram with so many bytes
};

/// Throws `mismatch` when the host has sent what is no packet.
live_packet read_packet(std::span<const std::byte> packet);

/// Numbers as on the wire. Throws `malformed` for options that no header has room for,
/// `unsupported` for what no packet of IP has room for.
bytes make_tcp(const endpoint& from, const endpoint& to, const tcp_packet& segment);
bytes make_udp(const endpoint& from, const endpoint& to, std::uint16_t size);
/// About a packet `from` the host under test `to` its peer, of which it quotes IP header and the
/// first bytes that follow. Throws `unsupported` for messages that it does not know.
bytes make_icmp(const icmp_packet& error, const endpoint& from, const endpoint& to,
                std::uint32_t quoted_sequence);

/// Whether the host has sent that message. Throws `unsupported` for those that it does not know.
bool matches(const icmp_packet& expected, const live_packet& sent);

/// In the notation of scripts, numbers as they are.
std::string to_string(const tcp_packet& segment);
std::string to_string(const icmp_packet& message);

}  // namespace pentad::packet_scripts
