// A segment that has arrived, taken apart.
#pragma once

#include "pentad/base/five_tuple.hpp"
#include "pentad/stack/native/core/ip_packet.hpp"
#include "pentad/wire/ip_ecn.hpp"
#include "pentad/wire/tcp.hpp"

namespace pentad::native {

struct segment {
  /// `header` is that of `arrived`, whose payload becomes its own, without the header.
  segment(incoming_packet&& arrived, const wire::tcp_view& header) noexcept
      : tuple{ip_protocol::tcp, endpoint(arrived.destination, header.destination_port()),
              endpoint(arrived.source, header.source_port())},
        sequence(header.sequence()),
        acknowledgment(header.acknowledgment()),
        flags(header.flags()),
        window(header.window()),
        options(header.options()),
        ecn(wire::ecn_of(arrived.traffic_class)),
        payload(std::move(arrived.payload)) {
    payload.remove_prefix(header.header_size());
  }

  five_tuple tuple;  ///< as this host sees the connection: it is the local one
  wire::tcp_sequence sequence;
  wire::tcp_sequence acknowledgment;
  wire::tcp_flags flags;
  std::uint32_t window;  ///< as on the wire, without the scale
  wire::tcp_options options;
  wire::ip_ecn ecn;  ///< as routers have left it
  packet payload;    ///< without the header; its size may be 0

  /// What another one with the same header begins as.
  segment without_payload() const noexcept { return segment(*this); }

  bool has(wire::tcp_flags flag) const noexcept { return flags.has(flag); }
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(payload.size()); }

  /// Sequence numbers that it takes.
  std::uint32_t length() const noexcept {
    return size() + (has(wire::tcp_syn) ? 1U : 0U) + (has(wire::tcp_fin) ? 1U : 0U);
  }

 private:
  // All but the payload, which has one owner.
  segment(const segment& other) noexcept
      : tuple(other.tuple),
        sequence(other.sequence),
        acknowledgment(other.acknowledgment),
        flags(other.flags),
        window(other.window),
        options(other.options),
        ecn(other.ecn) {}
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
