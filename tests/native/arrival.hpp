// A TCP segment as the network layer hands it over, its checksum not looked at yet.
#pragma once

#include "pentad/stack/native/core/ip_packet.hpp"

namespace pentad::native::test {

inline incoming_packet arrival(packet segment, const ip_address& from, const ip_address& to) {
  return {.payload = std::move(segment),
          .source = from,
          .destination = to,
          .protocol = ip_protocol::tcp,
          .time_to_live = 64,
          .traffic_class = 0,
          .interface = 0,
          .checksum_is_known_good = false,
          .to_group = false};
}

}  // namespace pentad::native::test
