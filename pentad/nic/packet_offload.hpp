// What a frame tells about the work that was left to the NIC or done by it.
#pragma once

#include <cstdint>

namespace pentad {

/// What is known of a frame's transport checksum.
enum class checksum_state : std::uint8_t {
  none,      ///< sending: the bytes are complete; receiving: nobody has looked at it
  partial,   ///< to be filled in, as `packet_offload` says where; receiving: never left the machine
  verified,  ///< receiving: somebody has looked, and it is right
};

/// What a super-segment is to be split into.
enum class segmentation : std::uint8_t { none, tcp_v4, tcp_v6, udp };

/// The work on a frame that is left to the NIC, or was done by it: what the header of virtio-net
/// says (Virtual I/O Device 1.2, section 5.1.6). Positions count from the first byte of the frame
/// as it is handed to a NIC or received from one; nothing moves them when the frame changes.
struct packet_offload {
  checksum_state checksum = checksum_state::none;
  segmentation segment = segmentation::none;
  /// Of a partial checksum: the Internet checksum of the bytes from `checksum_start` to the end of
  /// the frame belongs at `checksum_start + checksum_offset`, where the sum of the pseudo header
  /// (not complemented) stands already.
  std::uint16_t checksum_start = 0;
  std::uint16_t checksum_offset = 0;
  std::uint16_t segment_size = 0;  ///< of a super-segment: bytes of payload in each but the last
  std::uint16_t header_size = 0;   ///< of a super-segment: bytes before the payload

  friend bool operator==(const packet_offload&, const packet_offload&) = default;
};

}  // namespace pentad
