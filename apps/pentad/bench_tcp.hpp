// Measuring TCP between two programs: how long messages take there and back, and how fast bytes go
// one way.
#pragma once

#include "apps/pentad/bench_measures.hpp"
#include "pentad/base/service_address.hpp"
#include "pentad/socket/host.hpp"

namespace pentad::command {

/// Serves measuring peers until it is cancelled. Errors: those of accept(2).
task<result<>> serve_tcp_bench(stream_listener& listener);

/// Measures against a peer that serves; the text of `at` must outlive the task. Errors: those of
/// the network; `protocol_error` when it is another program that listens there.
task<result<>> measure_tcp(host& here, service_address at, bench_settings settings,
                           bench_outcome& outcome);

}  // namespace pentad::command
