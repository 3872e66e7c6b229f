// Measuring TCP between two programs: how long messages take there and back, and how fast bytes go
// one way.
#pragma once

#include <cstdint>

#include "apps/pentad/latencies.hpp"
#include "pentad/base/service_address.hpp"
#include "pentad/socket/host.hpp"

namespace pentad::command {

struct bench_settings {
  std::size_t message_size = 64;
  duration time = std::chrono::seconds(5);  ///< of each of the two parts
  bool shows_progress = false;              ///< a line on standard error, each second
};

struct bench_outcome {
  latencies round_trips;
  duration messages_time{};
  std::uint64_t bytes = 0;  ///< that the peer has received
  duration bytes_time{};
};

/// Serves measuring peers until it is cancelled. Errors: those of accept(2).
task<result<>> serve_bench(stream_listener& listener);

/// Measures against a peer that serves; the text of `at` must outlive the task. Errors: those of
/// the network; `protocol_error` when it is another program that listens there.
task<result<>> measure_tcp(host& here, service_address at, bench_settings settings,
                           bench_outcome& outcome);

}  // namespace pentad::command
