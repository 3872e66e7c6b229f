// What crosses the border between the network layer and the transports above it.
#pragma once

#include <optional>

#include "pentad/base/clock.hpp"
#include "pentad/base/ip_address.hpp"
#include "pentad/base/ip_protocol.hpp"
#include "pentad/nic/packet.hpp"

namespace pentad::native {

/// A packet that has arrived for this host, whole: it begins with its transport header.
struct incoming_packet {
  packet payload;
  ip_address source;
  ip_address destination;
  ip_protocol protocol;
  std::uint8_t time_to_live;    ///< or hop limit
  std::uint8_t traffic_class;   ///< with the two ECN bits
  std::uint32_t interface;      ///< which it came in by
  bool checksum_is_known_good;  ///< the NIC has verified the transport's checksum, or made it
  bool to_group;                ///< multicast or broadcast: nobody may answer it with an error
  bool router_alert = false;    ///< routers had to look at it (RFC 2113, RFC 2711)
};

/// A packet to send: the payload begins with its transport header and has room for others before
/// it. Offload positions count from that header. What follows it (`packet::follow`) goes the same
/// way, with the same headers before its own transport header, and is no longer.
struct outgoing_packet {
  packet payload;
  ip_address source;
  ip_address destination;
  ip_protocol protocol;
  std::optional<std::uint8_t> time_to_live = {};  ///< or hop limit; nothing: as the host has it
  std::uint8_t traffic_class = 0;
  bool dont_fragment = false;
  bool ignores_path_mtu = false;    ///< only what the interface takes counts (RFC 4821)
  bool heard_by_this_host = false;  ///< a group's member on this host gets it, too
  std::uint32_t interface = 0;      ///< by which it has to leave; 0: as its route has it
};

/// An ICMP error about a packet that this host has sent, or that could not be sent.
struct path_error {
  enum class kind : std::uint8_t {
    network_unreachable,
    host_unreachable,
    protocol_unreachable,
    port_unreachable,
    prohibited,
    too_big,  ///< `mtu` says what the path takes
    time_exceeded,
    parameter_problem,
  };
  kind what;
  std::uint32_t mtu = 0;
  ip_address source;  ///< of the packet that the error is about: an address of this host
  ip_address destination;
  ip_protocol protocol;
  std::span<const std::byte> transport;  ///< its first bytes, 8 at least, from the transport header
  std::span<const std::byte> whole = {};  ///< the same with the IP header
  std::uint8_t type = 0;                  ///< of the ICMP message, as are the next two
  std::uint8_t code = 0;
  ip_address reporter = {};
};

/// What a transport asks before it sends.
struct path {
  std::uint32_t interface = 0;
  ip_address source;           ///< chosen by the stack if the transport did not
  std::uint32_t mtu = 0;       ///< bytes of the longest IP packet
  std::uint32_t link_mtu = 0;  ///< the same of the interface alone
  bool checksum_offload = false;
  std::uint32_t segment_limit = 0;  ///< bytes of the longest super-segment of TCP; 0: none
  bool takes_rows = false;          ///< packets that others follow, one for each segment
  bool local = false;               ///< does not leave the host
};

/// A transport, as the network layer sees it.
class transport {
 public:
  /// Returns false when no transport listens there: the network layer answers as RFCs say.
  virtual bool deliver(incoming_packet&& arrived, instant now) = 0;
  virtual void failed(const path_error& error, instant now) = 0;

 protected:
  ~transport() = default;
};

}  // namespace pentad::native
