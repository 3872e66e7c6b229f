// What becomes of the addresses that DHCP servers have given to a host: some are remembered in
// files, others are given back.
#pragma once

#include "pentad/hosts/native_host.hpp"
#include "pentad/stack/native/host_stack/native_stack.hpp"

namespace pentad {

/// Writes the addresses to the files that `wanted` names. Errors: those of `write_lease`.
std::expected<void, native_host_error> remember_leases(const native::core& network,
                                                       const native_text& wanted);

/// Gives those back that are not remembered, and runs `loop` until that is said, for a second at
/// most.
void give_leases_back(event_loop& loop, native::native_stack& network);

}  // namespace pentad
