// The demo: two hosts on one machine, and a message each way between people on them.
#pragma once

#include <string_view>

namespace pentad::messenger::demo {

/// Makes the hosts, lets them play, prints how it went, and leaves nothing behind. `stack` is what
/// each host stands on (`make_host`). Must be called before the process has another thread. Returns
/// what the process ends with: 0 when both messages arrived, 124 when it took too long, else 1.
int run(std::string_view stack);

/// The same with both hosts on Pentad's own stack in this process.
int run_in_one_process();

}  // namespace pentad::messenger::demo
