// Receive coalescing in software, as segmentation's other side (Linux: GRO): segments of TCP that a
// NIC gives in one batch and that continue each other are handed on as one. Nothing is copied.
#pragma once

#include "pentad/nic/packet.hpp"

namespace pentad {

/// Hangs each frame of `frames` that continues a segment of TCP before it on the first of its row,
/// as a packet of its payload alone (`packet::follow`). Returns how many frames are left, at the
/// front of `frames`, in their order.
///
/// A frame continues another if all of its headers are what that one's sender would have written
/// for the next bytes: same addresses, acknowledgment, window, options, marks of routers, and the
/// next sequence number. Its checksums are right, and those of the first are, too: it is marked as
/// verified. PSH ends a row. What is no plain segment with data ends all rows, so that what it says
/// is heard at its place.
std::size_t coalesce(std::span<packet> frames) noexcept;

}  // namespace pentad
