// All sockets of a kind by sock_diag(7).
#pragma once

#include <vector>

#include "pentad/base/ip_address.hpp"
#include "pentad/stack/kernel/diag_messages.hpp"
#include "pentad/stack/kernel/netlink_socket.hpp"

namespace pentad::kernel {

// A dump during which the table changed under the kernel is done again. Errors:
// `no_such_file_or_directory` when the kernel has no sock_diag for them, `bad_message`,
// `resource_unavailable_try_again` when the table changes all the time, those of the port.

/// TCP (a stream), UDP (a datagram) or raw sockets of one version.
result<std::vector<flow>> dump_inet(netlink_port& port, ip_version version, inet_sockets which);

/// Unix sockets. Their peers are known by inode alone.
result<std::vector<flow>> dump_unix(netlink_port& port);

}  // namespace pentad::kernel
