#include "pentad/nic/virtio_header.hpp"

#include "pentad/wire/tcp.hpp"
#include "pentad/wire/udp.hpp"

namespace pentad {
namespace {

std::uint8_t gso_type_of(segmentation kind) noexcept {
  switch (kind) {
    case segmentation::none:
      return 0;
    case segmentation::tcp_v4:
      return virtio_header::gso_tcp_v4;
    case segmentation::tcp_v6:
      return virtio_header::gso_tcp_v6;
    case segmentation::udp:
      return virtio_header::gso_udp;
  }
  return 0;
}

std::optional<segmentation> segmentation_of(std::uint8_t gso_type) noexcept {
  switch (gso_type & ~virtio_header::gso_ecn) {
    case 0:
      return segmentation::none;
    case virtio_header::gso_tcp_v4:
      return segmentation::tcp_v4;
    case virtio_header::gso_tcp_v6:
      return segmentation::tcp_v6;
    case virtio_header::gso_udp:
      return segmentation::udp;
    default:
      return {};
  }
}

// Linux's hint is the size of its buffer's linear part, whatever that holds.
std::size_t header_size_of(const packet_offload& offload,
                           std::span<const std::byte> frame) noexcept {
  const std::size_t start = offload.checksum_start;
  if (offload.segment == segmentation::udp) return start + wire::udp_header::size();
  if (frame.size() < start + wire::tcp_header::least_size) return frame.size() + 1;
  return start + std::to_integer<std::size_t>(frame[start + 12] >> 4) * 4;
}

}  // namespace

virtio_header virtio_header_for(const packet_offload& offload) noexcept {
  virtio_header header;
  if (offload.checksum == checksum_state::partial) {
    header.flags = virtio_header::needs_checksum;
    header.checksum_start = offload.checksum_start;
    header.checksum_offset = offload.checksum_offset;
  }
  if (offload.segment != segmentation::none) {
    header.gso_type = gso_type_of(offload.segment);
    header.segment_size = offload.segment_size;
    header.header_size = offload.header_size;
  }
  return header;
}

std::optional<packet_offload> offload_from(const virtio_header& header,
                                           std::span<const std::byte> frame) noexcept {
  packet_offload offload;
  if ((header.flags & virtio_header::needs_checksum) != 0) {
    offload.checksum = checksum_state::partial;
    offload.checksum_start = header.checksum_start;
    offload.checksum_offset = header.checksum_offset;
    if (std::size_t{header.checksum_start} + header.checksum_offset + 2 > frame.size()) return {};
  } else if ((header.flags & virtio_header::checksum_is_right) != 0) {
    offload.checksum = checksum_state::verified;
  }
  const std::optional<segmentation> kind = segmentation_of(header.gso_type);
  if (!kind) return {};
  if (*kind == segmentation::none) return offload;
  // A super-segment's checksum is always partial: there is none yet of its parts.
  if (offload.checksum != checksum_state::partial || header.segment_size == 0) return {};
  offload.segment = *kind;
  offload.segment_size = header.segment_size;
  const std::size_t header_size = header_size_of(offload, frame);
  if (header_size > frame.size() || header_size > UINT16_MAX) return {};
  offload.header_size = static_cast<std::uint16_t>(header_size);
  return offload;
}

}  // namespace pentad
