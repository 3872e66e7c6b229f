#include "apps/pentad/path_record.hpp"

#include <algorithm>
#include <cmath>

#include "apps/pentad/path_echo.hpp"

namespace pentad::command {

std::string_view name_of(hop which) noexcept {
  constexpr std::array<std::string_view, hop_count> names{
      "near socket to stack", "near stack to nic",  "wire, there and back",
      "far nic to stack",     "far nic to program", "far program",
      "far socket to stack",  "far stack to nic",   "near nic to stack",
      "near nic to program",  "round trip"};
  return names[static_cast<std::size_t>(which)];
}

void path_record::add(const hop_times& out, const hop_times& in, const far_times& far) {
  last_ = {};
  const auto set = [this](hop which, hop_duration value) {
    last_[static_cast<std::size_t>(which)] = value;
  };
  set(hop::near_socket_to_stack, between(out.given, out.scheduled));
  set(hop::near_stack_to_nic, between(out.scheduled, out.transmitted));
  set(hop::far_nic_to_stack, far.nic_to_stack);
  set(hop::far_nic_to_program, far.nic_to_program);
  set(hop::far_program, far.program);
  set(hop::far_socket_to_stack, far.socket_to_stack);
  set(hop::far_stack_to_nic, far.stack_to_nic);
  set(hop::near_nic_to_stack, between(in.arrived, in.queued));
  set(hop::near_nic_to_program, between(in.arrived, in.read));
  set(hop::round_trip, between(out.given, in.read));
  const hop_duration outside = between(out.transmitted, in.arrived);
  // Two clocks do not run alike: what is less than nothing is nothing that they can tell.
  if (outside && far.whole && *outside >= *far.whole) set(hop::wire, *outside - *far.whole);
  for (std::size_t i = 0; i != hop_count; ++i) {
    if (last_[i]) all_[i].push_back(*last_[i]);
  }
  ++count_;
}

hop_duration path_record::percentile(hop which, double percent) const {
  std::vector<std::chrono::nanoseconds> sorted = all_[static_cast<std::size_t>(which)];
  if (sorted.empty()) return {};
  std::ranges::sort(sorted);
  const double rank = std::ceil(percent / 100 * static_cast<double>(sorted.size()));
  const auto index = static_cast<std::size_t>(std::max(rank, 1.0)) - 1;
  return sorted[std::min(index, sorted.size() - 1)];
}

}  // namespace pentad::command
