#include "pentad/nic/impaired_path.hpp"

#include <algorithm>

#include "pentad/nic/segmentation.hpp"
#include "pentad/wire/ethernet.hpp"

namespace pentad {
namespace {

// How long a line of `rate` bits per second takes for `bytes`. Exact below 2 GiB.
duration time_on_line(std::size_t bytes, std::uint64_t rate) noexcept {
  return duration(static_cast<duration::rep>(bytes * 8 * 1'000'000'000 / rate));
}

}  // namespace

impaired_path::impaired_path(event_loop& loop, owner& owned_by, std::uint64_t seed) noexcept
    : loop_(loop), owner_(owned_by), random_(seed) {
  fire = [](timer_node& node) { static_cast<impaired_path&>(node).expired(); };
}

void impaired_path::add(packet frame) {
  packet_queue parts;
  if (split(std::move(frame), parts) != split_outcome::done) {
    ++counters_.broken;
    return;
  }
  while (packet part = parts.pop()) add_one(std::move(part));
}

// The same number of random numbers for each frame, so that a change of one setting leaves the fate
// that the others make as it was.
void impaired_path::add_one(packet frame) {
  ++counters_.frames;
  const bool is_lost = random_.fraction() < wanted_.loss;
  const bool is_corrupted = random_.fraction() < wanted_.corrupt;
  const std::uint64_t where = random_.next();
  const bool is_doubled = random_.fraction() < wanted_.duplicate;
  const bool is_overtaken = random_.fraction() < wanted_.reorder;
  const duration wobble(
      static_cast<duration::rep>(random_.fraction() * static_cast<double>(wanted_.jitter.count())));

  instant leaves = loop_.now();
  if (!wait_for_line(frame.size(), leaves)) {
    ++counters_.queue_drops;
    return;
  }
  if (is_lost) {
    ++counters_.lost;
    return;
  }
  if (is_corrupted) {
    if (!corrupt(frame, where)) {
      ++counters_.broken;
      return;
    }
    ++counters_.corrupted;
  }
  packet twin;
  if (is_doubled) twin = frame.pool().copy(frame);
  if (twin) ++counters_.duplicated;
  last_in_order_ = std::max(last_in_order_, leaves + wanted_.delay + wobble);
  instant arrives = last_in_order_;
  if (is_overtaken) {
    arrives += wanted_.reorder_delay;
    ++counters_.reordered;
  }
  travel(std::move(frame), arrives);
  if (twin) travel(std::move(twin), arrives);
  collect_due(loop_.now());
}

bool impaired_path::wait_for_line(std::size_t size, instant& leaves) noexcept {
  if (wanted_.rate == 0) return true;
  line_is_free_ = std::max(line_is_free_, leaves);
  if (line_is_free_ - leaves > time_on_line(wanted_.queue_bytes, wanted_.rate)) return false;
  line_is_free_ += time_on_line(size, wanted_.rate);
  leaves = line_is_free_;
  return true;
}

// What the damage does must be seen, so the checksum is that of the bytes before it.
bool impaired_path::corrupt(packet& frame, std::uint64_t where) noexcept {
  constexpr std::size_t header = wire::ethernet_header::size();
  if (frame.size() <= header || !complete_checksum(frame)) return false;
  const std::size_t bit = where % ((frame.size() - header) * 8);
  frame.bytes()[header + bit / 8] ^= std::byte{1} << (bit % 8);
  frame.set_offload({});
  return true;
}

void impaired_path::travel(packet frame, instant arrives) {
  traveling_.push_back({arrives, sequence_++, std::move(frame)});
  std::ranges::push_heap(traveling_, arrives_later);
}

void impaired_path::collect_due(instant now) {
  while (!traveling_.empty() && traveling_.front().arrives <= now) {
    std::ranges::pop_heap(traveling_, arrives_later);
    due_.push(std::move(traveling_.back().frame));
    traveling_.pop_back();
  }
  loop_.timers().erase(*this);
  if (traveling_.empty()) return;
  at = traveling_.front().arrives;
  loop_.timers().insert(*this);
}

void impaired_path::expired() {
  collect_due(loop_.now());
  if (!due_.empty()) owner_.frames_due(*this);
}

}  // namespace pentad
