// One look at all flows of this machine: Linux's, and those of programs on Pentad's own stack.
#pragma once

#include <string>
#include <vector>

#include "apps/pentad/flow_filter.hpp"
#include "pentad/socket/host.hpp"

namespace pentad::command {

struct flow_look {
  std::vector<flow> flows;
  std::vector<std::string> complaints;
  bool failed = false;  ///< Linux did not tell
};

/// Those that `filter` leaves.
task<flow_look> look_at_flows(host& here, const flow_filter& filter);

}  // namespace pentad::command
