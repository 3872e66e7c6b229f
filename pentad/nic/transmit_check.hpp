// Whether a NIC can send a frame; what it cannot send it takes, drops and counts.
#pragma once

#include "pentad/nic/nic.hpp"

namespace pentad {

/// The longest frame whose packet fits into `mtu`: an Ethernet header, with one tag at most (IEEE
/// 802.1Q), comes on top.
constexpr std::size_t longest_frame(std::size_t mtu) noexcept { return mtu + 14 + 4; }

/// Whether `can` includes this kind of super-segment; `segmentation::none` is always included.
constexpr bool can_segment(segmentation kind, const nic_capabilities& can) noexcept {
  switch (kind) {
    case segmentation::none:
      return true;
    case segmentation::tcp_v4:
      return can.segment_tcp_v4;
    case segmentation::tcp_v6:
      return can.segment_tcp_v6;
    case segmentation::udp:
      return can.segment_udp;
  }
  return false;
}

/// Whether a NIC that has no more than `can` and `mtu` can send `frame`.
inline bool can_transmit(const packet& frame, const nic_capabilities& can,
                         std::size_t mtu) noexcept {
  const packet_offload offload = frame.offload();
  if (offload.checksum == checksum_state::partial && !can.transmit_checksum) return false;
  if (!can_segment(offload.segment, can)) return false;
  const bool is_super = offload.segment != segmentation::none;
  return frame.size() <= longest_frame(is_super ? can.segment_limit : mtu);
}

}  // namespace pentad
