// What TCP has counted: every segment that was not taken has its reason here.
#pragma once

#include <cstdint>

namespace pentad::native {

struct tcp_counters {
  std::uint64_t segments_received = 0;
  std::uint64_t segments_sent = 0;
  std::uint64_t segments_retransmitted = 0;
  std::uint64_t resets_sent = 0;
  std::uint64_t connections_opened = 0;    ///< by connect
  std::uint64_t connections_accepted = 0;  ///< by listeners
  std::uint64_t connections_reset = 0;
  std::uint64_t fast_opened = 0;       ///< RFC 7413: data of a SYN was taken, ours or a peer's
  std::uint64_t cookies_sent = 0;      ///< RFC 4987
  std::uint64_t cookies_accepted = 0;  ///< connections that were made of them
  std::uint64_t timeouts = 0;          ///< of retransmission
  std::uint64_t fast_retransmits = 0;
  std::uint64_t marked = 0;  ///< reductions of a window because routers have marked packets
  std::uint64_t undone = 0;  ///< reductions of a window for a loss that was none
  std::uint64_t challenge_acks = 0;

  // Segments, or parts of them, that were dropped.
  std::uint64_t malformed = 0;       ///< header or checksum
  std::uint64_t not_unicast = 0;     ///< from or to a group, or from nowhere
  std::uint64_t nobody_there = 0;    ///< no connection and no listener
  std::uint64_t outside_window = 0;  ///< old duplicates or beyond what was offered
  std::uint64_t old_timestamps = 0;  ///< PAWS
  std::uint64_t blind_resets = 0;    ///< RFC 5961: in the window, but not its first number
  std::uint64_t unacceptable_acks = 0;
  std::uint64_t without_ack = 0;
  std::uint64_t challenges_limited = 0;
  std::uint64_t out_of_order_full = 0;    ///< more than may be kept out of order
  std::uint64_t receive_memory_full = 0;  ///< beyond what all connections may hold
  std::uint64_t receiver_gone = 0;        ///< data for a socket that is closed
  std::uint64_t half_open_full = 0;     ///< SYNs beyond the bound, those that got cookies included
  std::uint64_t fast_open_refused = 0;  ///< data of a SYN was not taken, ours or a peer's
  std::uint64_t fast_open_full = 0;     ///< nor was it, because enough were served early
  std::uint64_t cookies_refused = 0;    ///< forged, or too old
  std::uint64_t accept_queue_full = 0;
  std::uint64_t out_of_packets = 0;  ///< nothing to send in

  std::uint64_t send_memory_full = 0;  ///< writes that had to wait for memory of all connections
};

}  // namespace pentad::native
