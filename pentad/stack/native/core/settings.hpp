// What can be set of a core. Where RFCs leave a choice, the default is that of Linux 6.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "pentad/base/clock.hpp"
#include "pentad/base/mac_address.hpp"
#include "pentad/stack/native/core/prefix.hpp"
#include "pentad/stack/native/core/token_bucket.hpp"

namespace pentad::native {

/// What the NIC of an interface does for its stack.
struct interface_offloads {
  bool transmit_checksum = false;   ///< takes packets with a partial checksum
  bool segment_tcp_v4 = false;      ///< takes super-segments of TCP over IPv4
  bool segment_tcp_v6 = false;      ///< takes super-segments of TCP over IPv6
  std::uint32_t segment_limit = 0;  ///< bytes of the longest packet of a super-segment
};

/// What becomes of an address that a DHCP server has given.
struct lease_settings {
  bool keep = false;                          ///< it is not given back at the end
  std::optional<ip_address> remembered = {};  ///< of an earlier time; it is asked for first
};

struct interface_settings {
  mac_address mac;
  std::uint32_t mtu = 1500;  ///< bytes of the longest IP packet; IPv6 needs 1280 (RFC 8200)
  interface_offloads offloads;
  /// Addresses of this host and the subnets that are on the link with them. If one is of IPv6, a
  /// link-local one that is made of the hardware address is added (RFC 4291, section 2.8).
  std::vector<prefix> addresses;
  std::vector<ip_address> gateways;        ///< default routes, one for each version that has one
  std::size_t most_output_packets = 1000;  ///< that wait for the NIC: txqueuelen
  bool dhcp = false;                       ///< asks a DHCP server for an IPv4 address
  lease_settings lease = {};
  bool router_discovery = false;  ///< listens to routers and makes IPv6 addresses
};

/// net.ipv4.neigh and net.ipv6.neigh; RFC 4861, section 10. They hold for ARP, too.
struct neighbour_settings {
  std::size_t most = 1024;  ///< per interface: gc_thresh3
  duration retransmission = std::chrono::seconds(1);
  unsigned multicast_solicitations = 3;
  unsigned unicast_solicitations = 3;
  duration first_probe_delay = std::chrono::seconds(5);
  duration reachable = std::chrono::seconds(30);  ///< between half and one and a half of it
  /// An answer nobody asked for does not change an address that was confirmed so recently.
  duration lock = std::chrono::seconds(1);
  std::size_t pending_bytes = 212992;  ///< of packets that wait for one neighbour: unres_qlen_bytes
  std::size_t all_pending_bytes = std::size_t{1} << 20;  ///< per interface
};

/// RFC 4862, section 5.4, and RFC 5227.
struct duplicate_detection_settings {
  unsigned solicitations = 1;  ///< for IPv6: dad_transmits; 0: addresses may be used at once
  unsigned arp_probes = 0;     ///< for IPv4
};

/// How an address is checked that others have given; hosts that were switched on together do not
/// ask together, and RFC 5227 (section 1.1) waits long, while programs wait for their address.
struct address_check {
  unsigned probes = 1;
  duration most_delay = std::chrono::milliseconds(200);  ///< at random, before the first
  duration wait = std::chrono::milliseconds(500);        ///< for an answer to the last
};

struct dhcp_settings {
  address_check check;
};

/// RFC 4861, section 6.3, RFC 4862 and RFC 7217.
struct router_discovery_settings {
  /// Of the addresses that are made; the same gives the same address on the same link.
  std::uint64_t secret = 0;
  address_check check = {1, std::chrono::milliseconds(200), std::chrono::seconds(1)};
  duration most_delay = std::chrono::seconds(1);  ///< at random, before the first solicitation
  unsigned most_conflicts = 3;                    ///< of one prefix: IDGEN_RETRIES
};

/// RFC 3376, section 8, and RFC 3810, section 9.
struct group_settings {
  /// How often a change is reported, until a router says otherwise; 0: no group is ever reported.
  unsigned robustness = 2;
  duration report_interval = std::chrono::seconds(1);   ///< at most, between these reports
  duration query_interval = std::chrono::seconds(125);  ///< until a router says otherwise
  std::size_t most_asked_sources = 64;                  ///< of one group that are remembered
};

/// net.ipv4.ipfrag_* and net.ipv6.ip6frag_*.
struct reassembly_settings {
  std::size_t most_bytes = std::size_t{4} << 20;               ///< of memory in total
  std::size_t most_bytes_per_source = std::size_t{512} << 10;  ///< of memory
  std::size_t most_packets = 1024;                             ///< in the making
  std::size_t most_fragments = 256;                            ///< of one packet
  duration timeout_v4 = std::chrono::seconds(30);
  duration timeout_v6 = std::chrono::seconds(60);  ///< RFC 8200, section 4.5
};

struct icmp_settings {
  rate_limit errors = {std::chrono::milliseconds(1), 50};  ///< icmp_msgs_per_sec, icmp_msgs_burst
  rate_limit errors_per_destination = {std::chrono::seconds(1), 6};  ///< icmp_ratelimit
  std::size_t most_destinations = 256;                               ///< whose limit is remembered
};

/// RFC 1191 and RFC 8201.
struct path_mtu_settings {
  std::size_t most = 1024;                      ///< destinations
  duration expires = std::chrono::minutes(10);  ///< net.ipv4.route.mtu_expires
  std::uint32_t least_v4 = 576;                 ///< smaller claims are not believed
};

struct udp_settings {
  /// Bytes of memory per port. Twice Linux's rmem_default, whose small datagrams take less.
  std::size_t receive_buffer = 425984;
  std::size_t send_buffer = 212992;  ///< bytes of memory per port: wmem_default
  std::size_t most_ports = 65536;
  std::uint16_t first_ephemeral_port = 32768;  ///< net.ipv4.ip_local_port_range
  std::uint16_t last_ephemeral_port = 60999;
};

struct core_settings {
  /// Secret: what peers must not guess comes from it, and the same seed gives the same packets.
  std::uint64_t seed = 0;
  std::uint8_t hop_limit = 64;               ///< of packets that the core itself sends
  std::size_t most_loopback_packets = 1000;  ///< netdev_max_backlog
  neighbour_settings neighbours;
  duplicate_detection_settings duplicates;
  group_settings groups;
  dhcp_settings dhcp;
  router_discovery_settings routers;
  reassembly_settings reassembly;
  icmp_settings icmp;
  path_mtu_settings path_mtu;
  udp_settings udp;
};

}  // namespace pentad::native
