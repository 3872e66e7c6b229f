#pragma once

/// The packet that an ICMP error quotes: enough of it to find the connection that sent it and to
/// judge whether it really did (RFC 5927 section 4.1).

#include <cstddef>
#include <optional>
#include <span>

#include "pentad/base/five_tuple.hpp"
#include "pentad/base/ip_address.hpp"
#include "pentad/wire/parse_error.hpp"
#include "pentad/wire/tcp_sequence.hpp"

namespace pentad::wire {

struct quoted_packet {
  /// Seen from its sender: `local` is the source. Ports are 0 if the protocol has none.
  five_tuple tuple;
  /// The sequence number of a TCP segment.
  std::optional<tcp_sequence> sequence;
  /// What is quoted of the upper-layer header and its payload.
  std::span<const std::byte> upper_layer;

  /// `payload` is that of the ICMP message; errors of one version quote packets of that version.
  /// Errors: `truncated`, less is there than the 8 bytes of the upper layer that RFC 792 demands;
  /// `malformed`, no packet of that version; `unsupported`, a fragment other than the first, or
  /// extension headers that do not end within what is quoted.
  [[nodiscard]] static parsed<quoted_packet> parse(std::span<const std::byte> payload,
                                                   ip_version version) noexcept;
};

}  // namespace pentad::wire
