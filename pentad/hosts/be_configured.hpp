// Waits until a host has the addresses that others give, before there is a program.
#pragma once

#include "pentad/hosts/native_host.hpp"
#include "pentad/stack/native/host_stack/native_stack.hpp"

namespace pentad {

/// Runs `loop` until servers and routers have told of what `wanted` leaves to them. Errors:
/// `timed_out`, not within 10 s; `address_in_use`, a server has given an address of Linux.
std::expected<void, native_host_error> be_configured(event_loop& loop,
                                                     native::native_stack& network,
                                                     const native_text& wanted);

}  // namespace pentad
