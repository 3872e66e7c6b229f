// Datagrams as sockets receive and send them, with all that goes with the bytes in one value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <system_error>

#include "pentad/base/socket_address.hpp"
#include "pentad/stack/hop_times.hpp"

namespace pentad {

/// Congestion as routers mark it (RFC 3168, section 5): the low bits of a traffic class.
enum class ecn : std::uint8_t { not_capable = 0, capable_1 = 1, capable_0 = 2, congested = 3 };

struct received_datagram {
  std::span<const std::byte> bytes{};  ///< in the program's buffer
  std::size_t size = 0;                ///< of the whole datagram; more than `bytes` when truncated
  socket_address source{};             ///< a Unix sender may be unnamed
  std::optional<ip_address> destination{};      ///< this host's address or a group's
  std::uint32_t interface = 0;                  ///< index of where it came in; 0: not known
  std::optional<std::uint8_t> hop_limit{};      ///< TTL that was left
  std::optional<std::uint8_t> traffic_class{};  ///< TOS: DSCP and ECN
  /// With `coalesce`: `bytes` are several datagrams of this size each, the last may be shorter.
  /// 0: one datagram.
  std::size_t segment_size = 0;
  hop_times times{};  ///< with `path_tracing`

  [[nodiscard]] bool truncated() const noexcept { return size > bytes.size(); }
  [[nodiscard]] std::optional<ecn> congestion() const noexcept {
    if (!traffic_class) return {};
    return static_cast<ecn>(*traffic_class & 3);
  }
};

struct outgoing_datagram {
  std::span<const std::byte> bytes{};
  std::optional<socket_address> to{};  ///< empty: the peer that the socket is connected to
  std::optional<ip_address> from{};    ///< one of this host's addresses; empty: the stack chooses
  std::uint32_t interface = 0;         ///< index of where it is to leave; 0: the route decides
  std::optional<std::uint8_t> hop_limit{};
  std::optional<std::uint8_t> traffic_class{};
  /// `bytes` are sent as datagrams of this size, the last may be shorter (UDP_SEGMENT). 0: as one.
  std::size_t segment_size = 0;
};

/// Room for one datagram of a batch.
struct datagram_slot {
  std::span<std::byte> buffer{};
  received_datagram received{};
};

/// What came back about a datagram that was sent: the word of a router or of the peer (RFC 792, RFC
/// 4443), or of this host's own stack.
struct datagram_error {
  std::error_code code{};
  bool is_local = false;  ///< from this host's stack, not from the network
  std::uint8_t type = 0;  ///< of ICMP or ICMPv6; 0 when local
  std::uint8_t icmp_code = 0;
  std::optional<std::uint32_t> mtu{};    ///< of the path, when the datagram was too large for it
  std::optional<ip_address> reporter{};  ///< who says so
  std::optional<socket_address> destination{};  ///< of the datagram
  std::span<const std::byte> bytes{};  ///< of the datagram as far as known, in the program's buffer
};

}  // namespace pentad
