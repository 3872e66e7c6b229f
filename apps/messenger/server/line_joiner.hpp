// Several lines in one piece, so that they are sent with one call. People on one channel mostly
// wait for the same lines, and share the piece as they share the lines.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "apps/messenger/server/shared_line.hpp"

namespace pentad::messenger {

class line_joiner {
 public:
  /// The bytes of all lines, which are `size` together. If they are those of the call before, then
  /// it is the same piece of memory.
  shared_line join(std::span<const shared_line> lines, std::size_t size);

 private:
  std::vector<shared_line> parts_;  // held, so that none of them can become another line
  shared_line whole_;
};

}  // namespace pentad::messenger
