// A live table of flows at a terminal.
#pragma once

#include "apps/pentad/flow_filter.hpp"
#include "pentad/socket/host.hpp"

namespace pentad::command {

/// Shows the flows that `filter` leaves, with their rates, until the person leaves or a signal ends
/// it. Standard input and output must be a terminal, which is as before afterwards.
task<int> watch_flows(host& here, const flow_filter& filter);

}  // namespace pentad::command
