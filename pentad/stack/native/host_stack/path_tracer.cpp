#include "pentad/stack/native/host_stack/path_tracer.hpp"

namespace pentad::native {
namespace {

std::optional<wall_time> moment(std::int64_t nanoseconds) noexcept {
  if (nanoseconds == 0) return {};
  return wall_time(std::chrono::nanoseconds(nanoseconds));
}

}  // namespace

wall_time path_tracer::now() const {
  if (loop_.engine().simulated()) {
    // Zero is no time at all.
    return wall_time(loop_.now().time_since_epoch() + std::chrono::nanoseconds(1));
  }
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

std::uint32_t path_tracer::add(traced_sender& sender) {
  do {
    ++last_number_;
  } while (last_number_ == 0 || senders_.contains(last_number_));
  senders_[last_number_] = &sender;
  return last_number_;
}

void path_tracer::passed(std::uint64_t mark, passed_hop hop, wall_time when) {
  const auto found = senders_.find(static_cast<std::uint32_t>(mark >> 32));
  if (found != senders_.end()) {
    found->second->passed(static_cast<std::uint32_t>(mark), hop, when);
  }
}

hop_times times_of(const packet_passage& passage, wall_time read) noexcept {
  hop_times times;
  times.arrived = moment(passage.arrived);
  times.queued = moment(passage.queued);
  times.read = read;
  return times;
}

}  // namespace pentad::native
