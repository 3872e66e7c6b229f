#include "bench/wan/junction.hpp"

namespace pentad::bench {

junction::junction(nic& a, nic& b, event_loop& loop, loses lost)
    : loop_(loop), lost_(std::move(lost)), hook_(*this), ways_{{{a, b, {}}, {b, a, {}}}} {
  run = [](ready_node& node) { static_cast<junction&>(node).move_frames(); };
  a.set_ready(&hook_);
  b.set_ready(&hook_);
}

junction::~junction() {
  for (way& each : ways_) each.from.set_ready(nullptr);
}

void junction::wake() noexcept {
  if (is_awake_) return;
  is_awake_ = true;
  loop_.push(*this);
}

void junction::move_frames() {
  is_awake_ = false;
  const bool more_there = move_some(ways_[0], true);
  const bool more_back = move_some(ways_[1], false);
  if (more_there || more_back) wake();
}

// True when more may wait that no hook will tell of.
bool junction::move_some(way& along, bool may_lose) {
  while (packet frame = along.waiting.pop()) {
    if (along.to.transmit({&frame, 1}) == 1) continue;
    along.waiting.push_front(std::move(frame));
    return false;
  }
  std::array<packet, 64> batch;
  const std::size_t given = along.from.receive(batch);
  for (packet& frame : std::span(batch).first(given)) {
    if (may_lose && lost_ && lost_(frame.bytes())) continue;
    if (!along.waiting.empty() || along.to.transmit({&frame, 1}) == 0) {
      along.waiting.push(std::move(frame));
    }
  }
  return given == batch.size() && along.waiting.empty();
}

}  // namespace pentad::bench
