// What packets cost and carry besides their bytes.
#pragma once

#include "pentad/nic/packet.hpp"
#include "pentad/wire/checksum.hpp"

namespace pentad::native {

/// Bytes of memory that a packet holds, however little it carries.
inline std::size_t held_memory(const packet& held) noexcept {
  return held.headroom() + held.size() + held.tailroom();
}

/// Moves the positions of a packet's offload after `count` bytes were put in front of it.
inline void shift_offload(packet& moved, std::size_t count) noexcept {
  packet_offload offload = moved.offload();
  if (offload == packet_offload{}) return;
  const auto by = static_cast<std::uint16_t>(count);
  offload.checksum_start = static_cast<std::uint16_t>(offload.checksum_start + by);
  offload.header_size = static_cast<std::uint16_t>(offload.header_size + by);
  moved.set_offload(offload);
}

/// Computes a checksum that was left to the NIC, for one that does not do it.
inline void fill_in_checksum(packet& filled) noexcept {
  const packet_offload offload = filled.offload();
  filled.set_offload({});
  if (offload.checksum != checksum_state::partial) return;
  const std::span<std::byte> covered = filled.bytes().subspan(offload.checksum_start);
  const std::uint16_t checksum = wire::internet_sum{covered}.checksum();
  // Zero says "no checksum" in UDP, and in TCP it is the same number (RFC 768).
  store_be16(&covered[offload.checksum_offset], checksum == 0 ? 0xffff : checksum);
}

}  // namespace pentad::native
