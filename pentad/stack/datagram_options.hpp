// What people set on datagram and raw sockets. An option that is left empty keeps the default of
// the stack; one that the stack or the kind of socket cannot honour is an error
// (`operation_not_supported`), never ignored. See socket(7), ip(7), ipv6(7), udp(7), raw(7).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "pentad/base/ip_address.hpp"
#include "pentad/stack/icmp_types.hpp"

namespace pentad {

/// What becomes of a datagram that is larger than the path to its destination allows: see
/// IP_MTU_DISCOVER in ip(7).
enum class path_mtu_discovery : unsigned char {
  off,     ///< fragmented
  want,    ///< fragmented where the path is known to be narrow
  always,  ///< refused with `message_size`; routers do not fragment (RFC 1191, RFC 8201)
  probe,   ///< sent whole whatever is known, up to the MTU of the interface (RFC 4821)
};

struct datagram_options {
  std::optional<int> send_buffer = {};     ///< bytes; Linux grants twice as much
  std::optional<int> receive_buffer = {};  ///< bytes; Linux grants twice as much
  std::optional<bool> reuse_address = {};  ///< several may bind: each gets every multicast
  std::optional<bool> reuse_port = {};     ///< several share a port, datagrams are spread
  std::optional<bool> ipv6_only = {};      ///< off by default: an IPv6 socket takes IPv4 as well
  std::optional<bool> broadcast = {};      ///< may send to broadcast addresses; off by default
  std::optional<std::uint8_t> hop_limit = {};      ///< TTL of unicast
  std::optional<std::uint8_t> traffic_class = {};  ///< TOS: DSCP and ECN bits (RFC 2474, 3168)
  std::optional<path_mtu_discovery> mtu_discovery = {};
  /// ICMP errors about what was sent are kept, for `receive_error`, and an unconnected socket's
  /// next operation ends with them, too.
  std::optional<bool> errors = {};
  std::optional<std::uint8_t> multicast_hop_limit = {};   ///< 1 by default: this link
  std::optional<bool> multicast_loop = {};                ///< this host hears itself; the default
  std::optional<std::uint32_t> multicast_interface = {};  ///< index; where groups are sent to
  /// Datagrams of one sender and size arrive many in one buffer (UDP_GRO), see
  /// `received_datagram::segment_size`.
  std::optional<bool> coalesce = {};
  std::optional<bool> path_tracing = {};  ///< `hop_times` are reported
  std::string_view device = {};           ///< traffic of this network interface only
};

/// For `host::raw`.
struct raw_options {
  /// What is sent and received begins with the IP header (IPv4; ip(7), IP_HDRINCL).
  bool header_included = false;
  /// Only these types of ICMP or ICMPv6 are received.
  std::optional<icmp_types> types = {};
  /// Where the stack is to put the checksum that covers IPv6's pseudo-header (RFC 3542, section
  /// 3.1), in bytes. ICMPv6 has its own always.
  std::optional<int> checksum_offset = {};
  /// An ICMP socket that needs no privilege where the system allows it
  /// (net.ipv4.ping_group_range): sends echo requests, with an identifier that the stack chooses,
  /// and receives their answers.
  bool unprivileged = false;
  datagram_options common = {};  ///< what datagram sockets have, too
};

/// Which group a socket hears, of whom, and where.
struct multicast_group {
  ip_address address;
  std::optional<ip_address> source = {};  ///< only from this one (RFC 4607)
  std::uint32_t interface = 0;            ///< index; 0: where the route to the group leads
};

}  // namespace pentad
