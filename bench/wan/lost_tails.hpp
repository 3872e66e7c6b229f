// Finds the last segments of messages that are to be lost, so that what it takes to repair a tail
// can be measured.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "pentad/wire/tcp_sequence.hpp"

namespace pentad::bench {

class lost_tails {
 public:
  /// Whether `frame`, in the order of the wire, carries a marked tail (`tail_mark`) for the first
  /// time. Of one connection at a time.
  bool has_next(std::span<const std::byte> frame);

 private:
  std::optional<wire::tcp_sequence> latest_;  // behind the tail that was found last
};

}  // namespace pentad::bench
