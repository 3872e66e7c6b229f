// What is alive on Pentad's own stack.
#pragma once

#include <vector>

#include "pentad/stack/flow.hpp"
#include "pentad/stack/native/core/raw_ports.hpp"
#include "pentad/stack/native/core/tcp/tcp.hpp"
#include "pentad/stack/native/core/udp_ports.hpp"

namespace pentad::native {

stream_info info_of(const connection& one);

/// Connections in all states, half-open ones and those in TIME-WAIT included, listeners, and ports
/// of UDP.
std::vector<flow> flows_of(const tcp& streams, const udp_ports& datagrams);
/// Raw sockets.
void add_flows_of(const raw_ports& raws, std::vector<flow>& flows);

}  // namespace pentad::native
