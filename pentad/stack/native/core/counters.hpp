// What the network layer and UDP have counted: everything that was not taken has its reason here.
#pragma once

#include <cstdint>

namespace pentad::native {

struct core_counters {
  std::uint64_t frames_received = 0;
  std::uint64_t frames_sent = 0;        ///< given to a NIC
  std::uint64_t packets_received = 0;   ///< IP, loopback included
  std::uint64_t packets_delivered = 0;  ///< to a transport
  std::uint64_t packets_sent = 0;       ///< IP, loopback included; each fragment is one
  std::uint64_t arp_received = 0;
  std::uint64_t arp_sent = 0;
  std::uint64_t solicitations_sent = 0;  ///< of ARP and neighbour discovery
  std::uint64_t advertisements_sent = 0;
  std::uint64_t group_reports_sent = 0;  ///< messages of IGMP and MLD
  std::uint64_t group_queries = 0;       ///< received and believed
  std::uint64_t dhcp_sent = 0;
  std::uint64_t router_solicitations_sent = 0;
  std::uint64_t router_advertisements = 0;  ///< received and believed
  std::uint64_t echo_requests = 0;          ///< received
  std::uint64_t icmp_errors_received = 0;
  std::uint64_t icmp_errors_sent = 0;
  std::uint64_t reassembled = 0;
  std::uint64_t fragments_received = 0;
  std::uint64_t fragments_sent = 0;
  std::uint64_t datagrams_received = 0;  ///< of UDP, by a port
  std::uint64_t datagrams_sent = 0;
  std::uint64_t duplicate_addresses = 0;  ///< of this host, found before they were used
  std::uint64_t address_conflicts = 0;    ///< somebody claims an address that this host uses

  // Frames and packets that were dropped on their way in.
  std::uint64_t malformed_frames = 0;
  std::uint64_t frames_for_others = 0;  ///< another host's hardware address, or a group's
  std::uint64_t unknown_ethertypes = 0;
  std::uint64_t malformed_arp = 0;
  std::uint64_t malformed_packets = 0;   ///< IP header, lengths or checksum
  std::uint64_t invalid_sources = 0;     ///< groups, loopback from outside, this host itself
  std::uint64_t packets_for_others = 0;  ///< this host forwards nothing
  std::uint64_t source_routed = 0;       ///< RFC 7126
  std::uint64_t bad_extensions = 0;      ///< IPv6 headers that end a packet's way
  std::uint64_t unknown_protocols = 0;
  std::uint64_t ignored_group_messages = 0;  ///< of IGMP and MLD: wrong, or not for hosts
  std::uint64_t malformed_dhcp = 0;
  std::uint64_t ignored_dhcp = 0;  ///< not for this host, or not now
  std::uint64_t malformed_icmp = 0;
  std::uint64_t ignored_icmp = 0;      ///< well formed, but not for hosts or not wanted
  std::uint64_t implausible_icmp = 0;  ///< errors about what this host cannot have sent
  std::uint64_t malformed_fragments = 0;
  std::uint64_t overlapping_fragments = 0;  ///< RFC 5722
  std::uint64_t duplicate_fragments = 0;
  std::uint64_t late_fragments = 0;       ///< of a packet that was given up
  std::uint64_t reassembly_timeouts = 0;  ///< packets
  std::uint64_t reassembly_full = 0;      ///< packets given up for a bound
  std::uint64_t malformed_datagrams = 0;
  std::uint64_t ports_unreachable = 0;  ///< datagrams for ports where nobody listens
  std::uint64_t datagram_queue_full = 0;

  // Packets that were dropped on their way out.
  std::uint64_t no_route = 0;
  std::uint64_t too_big = 0;
  std::uint64_t martian_sources = 0;      ///< loopback addresses do not leave the host
  std::uint64_t lost_sources = 0;         ///< addresses that this host does not have any more
  std::uint64_t unsupported_offload = 0;  ///< super-segments for an interface without it
  std::uint64_t output_full = 0;
  std::uint64_t loopback_full = 0;
  std::uint64_t pending_full = 0;     ///< too many wait for a neighbour's address
  std::uint64_t neighbours_full = 0;  ///< new neighbours for which others had to be forgotten
  std::uint64_t neighbours_unreachable = 0;  ///< packets whose neighbour did not answer
  std::uint64_t icmp_errors_limited = 0;
  std::uint64_t out_of_packets = 0;  ///< nothing to send in
};

}  // namespace pentad::native
