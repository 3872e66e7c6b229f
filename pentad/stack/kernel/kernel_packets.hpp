// Packet sockets of Linux's stack: frames come through a ring that the kernel writes and the
// program reads (packet_mmap.rst, TPACKET_V3). The same on both engines.
#pragma once

#include "pentad/runtime/descriptor.hpp"
#include "pentad/runtime/descriptor_handle.hpp"
#include "pentad/runtime/event_loop.hpp"
#include "pentad/stack/kernel/pooled.hpp"
#include "pentad/stack/stack.hpp"

namespace pentad::kernel {

/// Errors: `errc::needs_net_raw`; `no_such_device`; `invalid_argument`, a filter that the kernel
/// refuses; `not_enough_memory`.
result<owned_impl<packet_impl>> open_packets(descriptor_engine& engine, event_loop& loop,
                                             const packet_options& options);

}  // namespace pentad::kernel
