#include "apps/messenger/server/line_joiner.hpp"

#include <algorithm>

namespace pentad::messenger {

shared_line line_joiner::join(std::span<const shared_line> lines, std::size_t size) {
  const auto same = [](const shared_line& a, const shared_line& b) { return a.shares(b); };
  if (std::ranges::equal(lines, parts_, same)) return whole_;
  shared_line whole{{}, size};
  for (const shared_line& line : lines) whole.append(line.text());
  parts_.assign(lines.begin(), lines.end());
  whole_ = whole;
  return whole;
}

}  // namespace pentad::messenger
