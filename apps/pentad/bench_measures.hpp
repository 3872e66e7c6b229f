// What `pentad bench` is told and what it finds out, whatever the protocol.
#pragma once

#include <cstdint>
#include <optional>

#include "apps/pentad/latencies.hpp"

namespace pentad::command {

struct bench_settings {
  std::size_t message_size = 64;
  duration time = std::chrono::seconds(5);  ///< of each of the two parts
  bool shows_progress = false;              ///< a line on standard error, each second
};

/// Messages that went one way, and those of them that arrived; of datagrams only.
struct bench_messages {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
};

struct bench_outcome {
  latencies round_trips;
  std::uint64_t lost = 0;  ///< messages that had no answer in time
  duration messages_time{};
  std::uint64_t bytes = 0;  ///< that the peer has received
  duration bytes_time{};
  std::optional<bench_messages> one_way{};
};

/// Once a second, if it is wanted: a moment to tell how it goes. Times are those of the machine: a
/// loop reads its clock once for many operations that end at once.
class bench_progress {
 public:
  bench_progress(instant start, const bench_settings& settings)
      : next_(settings.shows_progress ? start + std::chrono::seconds(1) : never) {}

  bool is_due(instant now) noexcept {
    if (now < next_) return false;
    next_ = now + std::chrono::seconds(1);
    return true;
  }

 private:
  instant next_;
};

}  // namespace pentad::command
