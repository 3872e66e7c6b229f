// What Linux's TCP says of a connection, tcp(7), as Pentad's values.
#pragma once

#include <linux/tcp.h>

#include <cstddef>

#include "pentad/stack/stream_info.hpp"

namespace pentad::kernel {

/// Adds what the first `size` bytes of `tcp` say to `info`; the rest is zero. Older kernels fill in
/// less, and what they do not know stays empty.
void add_tcp_info(stream_info& info, const tcp_info& tcp, std::size_t size) noexcept;

}  // namespace pentad::kernel
