// Which connection the packets of a script belong to, and how its numbers stand for those on the
// wire: a script counts sequence numbers of the host under test from the number of its SYN, and
// its timestamps from the first that it names.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "apps/packet_scripts/live_packet.hpp"

namespace pentad::packet_scripts {

struct conversation {
  port_pair ports;                        ///< of the host under test, of its peer
  bool is_closed = false;                 ///< the script has closed its socket
  std::uint32_t own_numbers = 0;          ///< what the wire adds to those that the host sends
  std::optional<std::uint32_t> own_time;  ///< the same of timestamps
  std::map<std::uint32_t, std::uint32_t> own_times;  ///< that were seen, by those of the script
};

class conversations {
 public:
  conversations(const ip_address& local, const ip_address& remote)
      : local_(local), remote_(remote) {}

  /// The host connects from that port.
  void connects(std::uint16_t port, std::uint16_t remote_port);
  void closes(std::uint16_t port, std::uint16_t remote_port);
  void listens(std::uint16_t port) { listening_port_ = port; }

  /// The one that the script talks about; made if there is none yet.
  conversation& current();

  /// What arrives, with the numbers of the wire.
  bytes arriving(const packet_event& told);

  /// A segment that was sent, with the numbers of the script. `expected` is what the script says
  /// at this place: the first SYN tells where its numbers begin.
  tcp_packet seen(const live_packet& sent, const tcp_packet& expected);
  /// The same, for a message.
  tcp_packet seen(const live_packet& sent);

  /// Whether the ports of a packet that was sent are those that the script wants.
  bool has_ports(const live_packet& sent, const std::optional<port_pair>& wanted);

  static constexpr std::uint16_t default_port = 8080;  ///< of whoever listens

 private:
  conversation& of(const std::optional<port_pair>& written);
  conversation& with(std::uint16_t port, std::uint16_t remote_port);
  conversation& for_syn();
  bytes arriving_tcp(tcp_packet told);
  bytes arriving_icmp(const icmp_packet& told);

  ip_address local_;
  ip_address remote_;
  std::uint16_t listening_port_ = 0;
  std::uint16_t next_remote_port_ = 49152;
  std::map<std::pair<std::uint16_t, std::uint16_t>, conversation> all_;
  conversation* current_ = nullptr;
};

}  // namespace pentad::packet_scripts
