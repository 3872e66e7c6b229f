// Who is told when packets that are traced pass the hops of their path inside a core. The core has
// no clock: its owner knows what time it is, and nothing in the core depends on it.
#pragma once

#include "pentad/nic/packet.hpp"

namespace pentad::native {

class passage_observer {
 public:
  /// A packet of `sender` (`packet_passage`) is in the queue of its interface.
  virtual void scheduled(std::uint64_t sender) = 0;

  /// A packet that stays on this host goes from the way out to the way in: through the loopback, or
  /// as a copy of what went to a group.
  virtual void turned(packet& passing, bool is_copy) = 0;

  /// A packet waits for the program at a socket that is traced.
  virtual void queued(packet& arrived) = 0;

 protected:
  ~passage_observer() = default;
};

}  // namespace pentad::native
