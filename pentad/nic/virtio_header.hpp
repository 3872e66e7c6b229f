// The header that a TAP device puts in front of each frame: that of virtio-net (Virtual I/O Device
// 1.2, section 5.1.6). Numbers are in the machine's own order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "pentad/nic/packet_offload.hpp"

namespace pentad {

struct virtio_header {
  static constexpr std::uint8_t needs_checksum = 1;
  static constexpr std::uint8_t checksum_is_right = 2;

  static constexpr std::uint8_t gso_tcp_v4 = 1;
  static constexpr std::uint8_t gso_tcp_v6 = 4;
  static constexpr std::uint8_t gso_udp = 5;
  static constexpr std::uint8_t gso_ecn = 0x80;

  std::uint8_t flags = 0;
  std::uint8_t gso_type = 0;
  std::uint16_t header_size = 0;  ///< a hint when sent, and nothing to rely on when received
  std::uint16_t segment_size = 0;
  std::uint16_t checksum_start = 0;
  std::uint16_t checksum_offset = 0;
  std::uint16_t buffers = 0;  ///< not used by a TAP

  friend bool operator==(const virtio_header&, const virtio_header&) = default;
};
static_assert(sizeof(virtio_header) == 12);

/// What to write before a frame with this offload.
virtio_header virtio_header_for(const packet_offload& offload) noexcept;

/// What the header that was read before `frame` says; nothing if it contradicts the frame.
std::optional<packet_offload> offload_from(const virtio_header& header,
                                           std::span<const std::byte> frame) noexcept;

}  // namespace pentad
