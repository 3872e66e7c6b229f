// When a message passed the hops of its path on this host: program, socket, stack, nic, wire.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace pentad {

/// A moment of the calendar, for times of different origin are compared: CLOCK_REALTIME.
using wall_time = std::chrono::sys_time<std::chrono::nanoseconds>;

/// What a stack cannot know is empty, never guessed. On Linux from SO_TIMESTAMPING
/// (Documentation/networking/timestamping.rst), which has one software stamp on the way in.
struct hop_times {
  // On the way out.
  std::optional<wall_time> given = {};         ///< by the program to the socket
  std::optional<wall_time> scheduled = {};     ///< by the stack into the queue of the nic
  std::optional<wall_time> transmitted = {};   ///< by the nic's driver
  std::optional<wall_time> acknowledged = {};  ///< all of it, by the peer (streams)

  // On the way in.
  std::optional<wall_time> arrived = {};  ///< at the nic
  std::optional<wall_time> queued = {};   ///< by the stack for the socket
  std::optional<wall_time> read = {};     ///< by the program
};

/// A message that a socket with path tracing has sent, once its times are known.
struct sent_message {
  /// Which: on a stream, all bytes that had been sent at its end; on a datagram socket, its number,
  /// counted from 0.
  std::uint64_t number = 0;
  hop_times times{};
};

}  // namespace pentad
