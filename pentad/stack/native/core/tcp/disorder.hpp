// What has come out of order, or twice, and what is told of it: while nothing has, a connection has
// none of it.
#pragma once

#include "pentad/stack/native/core/tcp/reorder_queue.hpp"
#include "pentad/stack/native/core/tcp/sack_report.hpp"

namespace pentad::native {

struct disorder {
  explicit disorder(std::size_t& memory_of_all) noexcept : segments(memory_of_all) {}

  bool is_over() const noexcept { return segments.empty() && report.empty(); }

  reorder_queue segments;
  sack_report report;
};

}  // namespace pentad::native
