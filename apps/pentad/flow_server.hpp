// A program on Pentad's own stack tells other programs of its flows.
#pragma once

#include <functional>
#include <optional>

#include "pentad/hosts/native_host.hpp"
#include "pentad/runtime/task.hpp"
#include "pentad/socket/stream_listener.hpp"

namespace pentad::command {

/// Serves the flows of a host while its program runs: whoever connects to the socket of this
/// process (flow_sockets.hpp) gets a JSON object on a line for each of them.
class flow_server {
 public:
  /// Where there can be no such socket it says why, and the program runs without.
  explicit flow_server(native_host& here);

  /// Runs `program` on the host. Both must outlive the task.
  task<int> run(const std::function<task<int>(host&)>& program);

 private:
  task<> serve();

  native_host& here_;
  std::optional<stream_listener> listener_;
};

}  // namespace pentad::command
