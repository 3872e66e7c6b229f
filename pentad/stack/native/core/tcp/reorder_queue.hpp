// Segments that arrived before what comes before them, in order of their sequence numbers and
// without overlaps.
#pragma once

#include <algorithm>
#include <vector>

#include "pentad/stack/native/core/packet_memory.hpp"
#include "pentad/stack/native/core/tcp/counted_memory.hpp"
#include "pentad/wire/tcp_sequence.hpp"

namespace pentad::native {

class reorder_queue {
 public:
  explicit reorder_queue(std::size_t& memory_of_all) noexcept : memory_(memory_of_all) {}

  bool empty() const noexcept { return front_ == segments_.size(); }
  std::size_t memory() const noexcept { return memory_.own(); }

  /// Keeps what of `payload`, whose first byte is `first`, is not there yet. What is farthest from
  /// being of use goes first if all would take more than `most_memory`; false if something went.
  bool insert(wire::tcp_sequence first, packet payload, std::size_t most_memory) {
    // Most come behind all others.
    auto after = segments_.end();
    if (!empty() && segments_.back().first > first) {
      after = std::partition_point(oldest(), segments_.end(),
                                   [first](const held& each) { return each.first <= first; });
    }
    if (after != oldest()) {
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
      memory_ -= held_memory(covered->payload);
      ++covered;
    }
    after = segments_.erase(after, covered);
    if (after != segments_.end() && after->first < end) {
      payload.truncate(static_cast<std::size_t>(after->first - first));
    }
    const std::size_t needed = held_memory(payload);
    const auto place = static_cast<std::size_t>(after - segments_.begin());
    const bool is_full = memory_.own() + needed > most_memory;
    while (memory_.own() + needed > most_memory && segments_.size() > place) {
      memory_ -= held_memory(segments_.back().payload);
      segments_.pop_back();
    }
    if (memory_.own() + needed > most_memory) return false;
    memory_ += needed;
    segments_.insert(segments_.begin() + static_cast<std::ptrdiff_t>(place),
                     held{first, std::move(payload)});
    return !is_full;
  }

  /// The next segment if it begins at `expected` or before; what was before that is cut off. An
  /// empty packet if there is a gap.
  packet take(wire::tcp_sequence expected) noexcept {
    while (!empty() && segments_[front_].first <= expected) {
      held front = std::move(segments_[front_]);
      ++front_;
      memory_ -= held_memory(front.payload);
      drop_taken();
      const auto old = static_cast<std::size_t>(expected - front.first);
      if (old >= front.payload.size()) continue;
      front.payload.remove_prefix(old);
      return std::move(front.payload);
    }
    return {};
  }

  void clear() noexcept {
    segments_ = std::vector<held>();
    front_ = 0;
    memory_.clear();
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

  std::vector<held>::iterator oldest() noexcept {
    return segments_.begin() + static_cast<std::ptrdiff_t>(front_);
  }

  // A gap that is filled lets thousands go at once: not one by one from the front of a vector.
  void drop_taken() noexcept {
    if (empty()) {
      segments_.clear();
      front_ = 0;
    } else if (front_ >= 32 && front_ > segments_.size() / 2) {
      segments_.erase(segments_.begin(), oldest());
      front_ = 0;
    }
  }

  std::vector<held> segments_;  // from `front_` on
  std::size_t front_ = 0;
  counted_memory memory_;
};

}  // namespace pentad::native
