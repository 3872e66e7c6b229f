// The network interfaces as Linux lists them, getifaddrs(3).
#pragma once

#include <vector>

#include "pentad/base/result.hpp"
#include "pentad/stack/network_interface.hpp"

namespace pentad::kernel {

/// Those of the calling thread's network namespace, in the order of their numbers.
result<std::vector<network_interface>> list_network_interfaces();

}  // namespace pentad::kernel
