// How a stream is doing.
#pragma once

#include <cstdint>
#include <optional>

#include "pentad/base/clock.hpp"

namespace pentad {

/// A snapshot; what a stack or a kind of stream does not know is empty. On Linux from TCP_INFO
/// (tcp(7)), SIOCINQ and SIOCOUTQ.
struct stream_info {
  std::optional<duration> rtt;                      ///< smoothed round trip (RFC 6298)
  std::optional<duration> rtt_variance;             ///< its mean deviation
  std::optional<std::uint32_t> segment_size;        ///< bytes a segment carries at most
  std::optional<std::uint64_t> congestion_window;   ///< bytes
  std::optional<std::uint64_t> in_flight;           ///< bytes sent and not acknowledged
  std::optional<std::uint64_t> retransmits;         ///< segments, since the start
  std::optional<std::uint64_t> delivery_rate;       ///< bytes a second, the latest measurement
  std::optional<std::uint64_t> bytes_acknowledged;  ///< since the start
  std::optional<std::uint64_t> bytes_received;      ///< since the start
  std::optional<std::uint64_t> send_queue;          ///< bytes taken by the stack, not acknowledged
  std::optional<std::uint64_t> receive_queue;       ///< bytes that wait for the program
};

}  // namespace pentad
