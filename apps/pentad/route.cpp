#include "apps/pentad/route.hpp"

#include <algorithm>

namespace pentad::command {

std::optional<std::size_t> route::next() const noexcept {
  if (probes_.size() >= wanted()) return {};
  return probes_.size();
}

void route::sent(instant when) { probes_.push_back({.when = when}); }

bool route::answered(const probe_answer& report, instant when) {
  if (report.probe >= probes_.size() || probes_[report.probe].answered) return false;
  asked& found = probes_[report.probe];
  const unsigned hop = hop_of(report.probe);
  found.is_waiting = false;
  found.answered = answer{report.from, report.said, when - found.when};
  if (!report.is_end || hop > last_hop_) return hop <= last_hop_;
  reached_target_ = report.is_target || (reached_target_ && hop == last_hop_);
  last_hop_ = hop;
  return true;
}

std::size_t route::relevant() const noexcept { return std::min(probes_.size(), wanted()); }

std::optional<route::waiting> route::oldest_waiting() const noexcept {
  for (std::size_t i = 0; i != relevant(); ++i) {
    if (probes_[i].is_waiting) return waiting{i, probes_[i].when};
  }
  return {};
}

std::size_t route::in_flight() const noexcept {
  return static_cast<std::size_t>(
      std::count_if(probes_.begin(), probes_.begin() + static_cast<std::ptrdiff_t>(relevant()),
                    [](const asked& each) { return each.is_waiting; }));
}

bool route::is_complete(unsigned hop) const noexcept {
  const std::size_t begin = std::size_t{hop - 1} * queries_;
  if (probes_.size() < begin + queries_) return false;
  return std::none_of(&probes_[begin], &probes_[begin] + queries_,
                      [](const asked& each) { return each.is_waiting; });
}

unsigned route::probes_sent(unsigned hop) const noexcept {
  const std::size_t begin = std::size_t{hop - 1} * queries_;
  if (probes_.size() <= begin) return 0;
  return static_cast<unsigned>(std::min<std::size_t>(probes_.size() - begin, queries_));
}

std::vector<route::answer> route::answers(unsigned hop) const {
  std::vector<answer> found;
  const std::size_t begin = std::size_t{hop - 1} * queries_;
  for (std::size_t i = begin; i != begin + probes_sent(hop); ++i) {
    if (probes_[i].answered) found.push_back(*probes_[i].answered);
  }
  return found;
}

}  // namespace pentad::command
