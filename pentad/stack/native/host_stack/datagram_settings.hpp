// The options of datagram and raw sockets, as the core's ports have them.
#pragma once

#include "pentad/stack/datagram_options.hpp"
#include "pentad/stack/native/core/raw_port.hpp"

namespace pentad::native {

class native_stack;

/// Which options a kind of socket has.
struct datagram_kind {
  ip_version version = ip_version::v4;
  bool is_udp = true;
};

/// Sets those that are not empty; `device` is for who binds. Errors: `operation_not_supported` for
/// what the kind of socket has not, `no_such_device`, `invalid_argument` for a number out of range.
result<void> apply(const datagram_options& options, const datagram_kind& kind,
                   const native_stack& stack, port_options& to);

/// Errors: `operation_not_supported`, `invalid_argument`.
result<raw_settings> settings_of(ip_version version, ip_protocol protocol,
                                 const raw_options& options);

}  // namespace pentad::native
