// The flows of all programs on Pentad's own stack, as those tell of them.
#pragma once

#include <string>
#include <vector>

#include "pentad/socket/host.hpp"

namespace pentad::command {

struct native_flows {
  std::vector<flow> flows;
  std::vector<std::string> complaints;  ///< about programs that do not tell
};

/// Asks the programs whose sockets are in `folder` (flow_sockets.hpp), for a second each. Sockets
/// of programs that are gone are removed.
task<native_flows> ask_native_flows(host& here, std::string folder);

}  // namespace pentad::command
