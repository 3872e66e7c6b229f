// Measuring UDP between two programs: how long messages take there and back, and how many go one
// way.
#pragma once

#include "apps/pentad/bench_measures.hpp"
#include "pentad/base/service_address.hpp"
#include "pentad/socket/host.hpp"

namespace pentad::command {

/// Measures against a peer that serves; messages are as large as a `bench_datagram` at least; the
/// text of `at` must outlive the task. Errors: those of the network; `timed_out` when nobody
/// answers.
task<result<>> measure_udp(host& here, service_address at, bench_settings settings,
                           bench_outcome& outcome);

}  // namespace pentad::command
