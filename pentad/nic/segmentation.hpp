// The work of a NIC's offloads, done in software: for NICs that lack them, and for wrappers that
// have to see each frame as a wire would.
#pragma once

#include "pentad/nic/packet_queue.hpp"

namespace pentad {

/// Computes a partial checksum and clears the checksum's state; other frames stay as they are.
/// False, and nothing is done, if the positions lie outside the frame.
bool complete_checksum(packet& frame) noexcept;

enum class split_outcome : std::uint8_t {
  done,
  malformed,  ///< the offload contradicts the bytes
  no_memory,  ///< a limit of the pool was reached
};

/// Splits a super-segment into frames that carry `segment_size` bytes of payload at most, each with
/// its headers, lengths and checksums complete and without offload, and appends them to `out` in
/// order: TCP's sequence numbers and IPv4's identifications count up, FIN and PSH stay with the
/// last segment, CWR with the first (as Linux's tcp_gso_segment has it). The frames are of the same
/// pool. Needs a partial checksum and an Ethernet header without tags, as virtio-net does. If it is
/// not done, nothing is appended. Other frames are appended as they are.
split_outcome split(packet frame, packet_queue& out);

}  // namespace pentad
