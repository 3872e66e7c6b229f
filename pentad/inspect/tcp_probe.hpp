#pragma once

/// The one segment with which a program asks whether a port answers, and what comes back (RFC 9293
/// section 3.5), as raw sockets carry them.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "pentad/base/endpoint.hpp"

namespace pentad {

/// A SYN that offers the segment size of Ethernet, as programs that really connect do.
struct tcp_probe {
  endpoint source;
  endpoint destination;
  std::uint32_t sequence = 0;

  [[nodiscard]] static constexpr std::size_t size() noexcept { return 24; }

  /// Writes `size()` bytes, with the checksum.
  void emit(std::span<std::byte> out) const noexcept;
};

/// What a segment of the other end, or the beginning of one of ours that an error quotes, says of a
/// probe.
struct tcp_probe_answer {
  std::uint16_t probe_port = 0;    ///< of the probe's source
  std::uint16_t service_port = 0;  ///< of its destination
  bool is_open = false;            ///< somebody listens there

  /// A segment that was received. None unless it answers a probe with `sequence`.
  [[nodiscard]] static std::optional<tcp_probe_answer> parse(std::span<const std::byte> segment,
                                                             std::uint32_t sequence) noexcept;

  /// A probe with `sequence` that an ICMP error quotes, of which 8 bytes are enough (RFC 792).
  [[nodiscard]] static std::optional<tcp_probe_answer> parse_quoted(
      std::span<const std::byte> segment, std::uint32_t sequence) noexcept;
};

}  // namespace pentad
