// What path tracing knows of a packet inside one host.
#pragma once

#include <cstdint>

namespace pentad {

/// Of a packet on its way out, who wants to know when it passes; of one on its way in, when it
/// passed, in nanoseconds of whatever clock its host has. All zero for packets that nobody traces.
struct packet_passage {
  std::uint64_t sender = 0;
  std::int64_t arrived = 0;  ///< at the NIC
  std::int64_t queued = 0;   ///< for the socket
};

}  // namespace pentad
