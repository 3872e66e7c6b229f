// From what users write to addresses, and back.
#pragma once

#include <string>
#include <vector>

#include "pentad/base/service_address.hpp"
#include "pentad/base/socket_address.hpp"
#include "pentad/runtime/task.hpp"

namespace pentad::command {

/// The addresses that a stream service stands for, in the order in which to try them. Errors: those
/// of `resolve`.
task<result<std::vector<socket_address>>> addresses_of(service_address service);

/// `tcp://10.9.0.1:80`, `tcp://[fe80::1%veth0]:80` or `unix:PATH`.
std::string service_text(const socket_address& address);

}  // namespace pentad::command
