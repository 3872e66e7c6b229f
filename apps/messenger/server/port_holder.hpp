// Who has a TCP port: asks Linux's /proc, as far as it tells.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace pentad::messenger {

struct port_holder {
  int process = 0;      ///< its id
  std::string program;  ///< its name, proc(5) /proc/PID/comm
};

/// A program of this machine that listens on this TCP port of any address. None if nobody does, or
/// if it belongs to somebody whose processes we may not look at.
std::optional<port_holder> find_port_holder(std::uint16_t port);

}  // namespace pentad::messenger
