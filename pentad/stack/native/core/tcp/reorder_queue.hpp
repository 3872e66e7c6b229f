// Segments that arrived before what comes before them, in order of their sequence numbers and
// without overlaps.
#pragma once

#include <algorithm>
#include <vector>

#include "pentad/stack/native/core/tcp/receive_queue.hpp"
#include "pentad/wire/tcp_sequence.hpp"

namespace pentad::native {

class reorder_queue {
 public:
  bool empty() const noexcept { return segments_.empty(); }
  std::size_t memory() const noexcept { return memory_; }

  /// Keeps what of `payload`, whose first byte is `first`, is not there yet. False if that would
  /// take more than `most_memory`.
  bool insert(wire::tcp_sequence first, packet payload, std::size_t most_memory) {
    auto after = std::find_if(segments_.rbegin(), segments_.rend(), [first](const held& each) {
                   return each.first <= first;
                 }).base();
    if (after != segments_.begin()) {
      const held& before = *std::prev(after);
      const std::int32_t overlap = before.end() - first;
      if (overlap >= static_cast<std::int32_t>(payload.size())) return true;
      if (overlap > 0) {
        payload.remove_prefix(static_cast<std::size_t>(overlap));
        first += static_cast<std::uint32_t>(overlap);
      }
    }
    const wire::tcp_sequence end = first + static_cast<std::uint32_t>(payload.size());
    // What the new one covers wholly goes, what it covers in part cuts it short.
    auto covered = after;
    while (covered != segments_.end() && covered->end() <= end) {
      memory_ -= memory_of(covered->payload);
      ++covered;
    }
    after = segments_.erase(after, covered);
    if (after != segments_.end() && after->first < end) {
      payload.truncate(static_cast<std::size_t>(after->first - first));
    }
    if (memory_ + memory_of(payload) > most_memory) return false;
    memory_ += memory_of(payload);
    segments_.insert(after, held{first, std::move(payload)});
    return true;
  }

  /// The next segment if it begins at `expected` or before; what was before that is cut off. An
  /// empty packet if there is a gap.
  packet take(wire::tcp_sequence expected) noexcept {
    while (!segments_.empty() && segments_.front().first <= expected) {
      held front = std::move(segments_.front());
      segments_.erase(segments_.begin());
      memory_ -= memory_of(front.payload);
      const auto old = static_cast<std::size_t>(expected - front.first);
      if (old >= front.payload.size()) continue;
      front.payload.remove_prefix(old);
      return std::move(front.payload);
    }
    return {};
  }

  void clear() noexcept {
    segments_ = std::vector<held>();
    memory_ = 0;
  }

 private:
  struct held {
    held(wire::tcp_sequence at, packet bytes) noexcept : first(at), payload(std::move(bytes)) {}
    wire::tcp_sequence end() const noexcept {
      return first + static_cast<std::uint32_t>(payload.size());
    }
    wire::tcp_sequence first;
    packet payload;
  };

  std::vector<held> segments_;
  std::size_t memory_ = 0;
};

}  // namespace pentad::native
