#include "apps/pentad/flow_rates.hpp"

#include <utility>

namespace pentad::command {
namespace {

using amount = std::optional<std::uint64_t>;

// What tells a flow from all others, and from one that takes its place.
std::string identity(const flow& x) {
  std::string made(name_of(x.stack));
  for (const flow_process& each : x.processes) made.append(" ").append(std::to_string(each.id));
  if (const auto tuple = x.tuple()) made.append(" ").append(to_string(*tuple));
  return made.append(" ").append(std::to_string(x.inode.value_or(0)));
}

std::optional<double> rate(const amount& before, const amount& now, duration passed) {
  if (!before || !now || *now < *before || passed <= duration::zero()) return {};
  return static_cast<double>(*now - *before) / std::chrono::duration<double>(passed).count();
}

}  // namespace

std::vector<flow_row> flow_rates::rows(std::vector<flow> flows, instant now) {
  const duration passed = now - last_at_;
  std::map<std::string, counts> seen;
  std::vector<flow_row> made;
  for (flow& each : flows) {
    const counts carried{each.info.bytes_acknowledged, each.info.bytes_received};
    std::string name = identity(each);
    flow_row row{std::move(each), {}, {}};
    if (const auto before = last_.find(name); before != last_.end()) {
      row.sent_rate = rate(before->second.sent, carried.sent, passed);
      row.received_rate = rate(before->second.received, carried.received, passed);
    }
    seen.insert_or_assign(std::move(name), carried);
    made.push_back(std::move(row));
  }
  last_ = std::move(seen);
  last_at_ = now;
  return made;
}

}  // namespace pentad::command
