// A program on Pentad's own stack tells other programs of its flows.
#pragma once

#include <functional>

#include "pentad/hosts/native_host.hpp"
#include "pentad/runtime/task.hpp"

namespace pentad::command {

/// Runs `program`, and beside it serves the flows of `here`: whoever connects to the socket of this
/// process (flow_sockets.hpp) gets a JSON object on a line for each of them. Where there can be no
/// such socket it says why, and the program, which must outlive the task, runs without.
task<int> run_with_flows(native_host& here, const std::function<task<int>(host&)>& program);

}  // namespace pentad::command
