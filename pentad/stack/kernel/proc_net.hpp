// The tables of sockets in /proc/net/tcp, udp, raw, icmp and their likes of IPv6, proc(5): for the
// kinds of sockets that a kernel has no sock_diag(7) for. Text in, values out.
#pragma once

#include <string_view>
#include <vector>

#include "pentad/base/result.hpp"
#include "pentad/stack/kernel/diag_messages.hpp"

namespace pentad::kernel {

/// The flows of a whole table, of which the first line is its heading. Errors: `bad_message` for
/// anything else.
result<std::vector<flow>> parse_proc_net(std::string_view table, inet_sockets which);

}  // namespace pentad::kernel
