// Which processes hold which sockets, as far as this one may know.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pentad/stack/flow.hpp"

namespace pentad::kernel {

/// By the inode of the socket.
using socket_owners = std::unordered_map<std::uint64_t, std::vector<flow_process>>;

/// Reads PID/fd of all processes below `proc`, see proc(5). What may not be read, or is gone by
/// then, is left out: the descriptors of other people's processes are for root and CAP_SYS_PTRACE.
socket_owners find_socket_owners(const std::string& proc = "/proc");

}  // namespace pentad::kernel
