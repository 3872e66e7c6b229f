// Everything that is alive on Linux's stack.
#pragma once

#include <vector>

#include "pentad/base/result.hpp"
#include "pentad/stack/flow.hpp"

namespace pentad::kernel {

/// TCP, UDP, raw, pinging and Unix sockets of the calling thread's network namespace, by
/// sock_diag(7), and from /proc/net where the kernel has none for them; their processes as far as
/// this one may know them. Blocks for about as long as `ss` takes. Errors: those of `dump_inet`, of
/// socket(2) and of reading files.
result<std::vector<flow>> read_flows();

}  // namespace pentad::kernel
