// A segment that has arrived, taken apart.
#pragma once

#include "pentad/base/five_tuple.hpp"
#include "pentad/nic/packet.hpp"
#include "pentad/wire/ip_ecn.hpp"
#include "pentad/wire/tcp.hpp"

namespace pentad::native {

struct segment {
  five_tuple tuple;  ///< as this host sees the connection: it is the local one
  wire::tcp_sequence sequence;
  wire::tcp_sequence acknowledgment;
  wire::tcp_flags flags;
  std::uint32_t window;  ///< as on the wire, without the scale
  wire::tcp_options options;
  wire::ip_ecn ecn = wire::ip_ecn::not_capable;  ///< as routers have left it
  packet payload;                                ///< without the header; its size may be 0

  /// What another one with the same header begins as.
  segment without_payload() const noexcept {
    return {.tuple = tuple,
            .sequence = sequence,
            .acknowledgment = acknowledgment,
            .flags = flags,
            .window = window,
            .options = options,
            .ecn = ecn,
            .payload = {}};
  }

  bool has(wire::tcp_flags flag) const noexcept { return flags.has(flag); }
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(payload.size()); }

  /// Sequence numbers that it takes.
  std::uint32_t length() const noexcept {
    return size() + (has(wire::tcp_syn) ? 1U : 0U) + (has(wire::tcp_fin) ? 1U : 0U);
  }
};

/// The header of a segment that goes the way of `tuple`, without numbers yet.
inline wire::tcp_header header_for(const five_tuple& tuple, wire::tcp_flags flags) noexcept {
  wire::tcp_header header;
  header.source_port = tuple.local.port;
  header.destination_port = tuple.remote.port;
  header.flags = flags;
  return header;
}

}  // namespace pentad::native
