// From names to addresses.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pentad/base/ip_address.hpp"
#include "pentad/runtime/task.hpp"

namespace pentad {

/// The addresses of `name`, in the order in which to try them; a name that is an address is itself.
/// Asks the system, getaddrinfo(3), on another thread. Errors: `errc::name_not_found`,
/// `errc::name_try_again`, `errc::name_failed`, `operation_canceled`.
task<result<std::vector<ip_address>>> resolve(std::string_view name);

}  // namespace pentad
