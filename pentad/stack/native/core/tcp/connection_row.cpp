// Segmentation in software: several segments that differ in nothing but their bytes are made in one
// go and sent as one row, where the NIC would not make them of one.
#include <algorithm>

#include "pentad/stack/native/core/tcp/connection.hpp"
#include "pentad/stack/native/core/tcp/tcp.hpp"

namespace pentad::native {
namespace {

// So many that their headers cost little, and so few that others have their turn.
constexpr std::uint32_t most_in_row = 16;

}  // namespace

// Bytes that go in one super-segment or row, `segment` of them in each segment.
std::uint32_t connection::most_at_once(std::uint32_t segment) const noexcept {
  if (ecn_.tells()) return segment;  // CWR is said once
  if (!takes_rows_) {
    return segment_limit_ > header_room ? std::max(segment, segment_limit_ - header_room) : segment;
  }
  // So are SACK blocks and a user timeout.
  return sends_plain(wire::tcp_ack) ? most_in_row * segment : segment;
}

// New bytes. Returns how many were sent: fewer when packets are short.
std::uint32_t connection::transmit_row(std::uint32_t size, wire::tcp_flags flags) {
  const std::size_t place = place_of(send_next_);
  const wire::pseudo_header pseudo(tuple.local.address, tuple.remote.address, ip_protocol::tcp);
  const wire::tcp_flags last = flags | ecn_.flags(true);
  const wire::tcp_flags inner =
      last & wire::tcp_flags(static_cast<std::uint8_t>(~(wire::tcp_psh | wire::tcp_fin).bits()));
  const wire::tcp_row_header header(make_plain_header(send_next_, inner), pseudo);
  packet first;
  std::uint32_t sent = 0;
  while (sent != size) {
    const std::uint32_t part = std::min(size - sent, segment_size_);
    packet made = packet_for(part);
    if (!made) break;
    wire::internet_sum content;
    sent_.read(place + sent, part, [&](std::span<const std::byte> piece) {
      content.add_copy(piece, made.append(piece.size()));
    });
    const wire::tcp_sequence from = send_next_ + sent;
    sent += part;
    header.emit(made.prepend(header.size()), from, sent == size ? last : inner, content);
    mark_passage(made, from + part);
    ++owner_.counters_.segments_sent;
    if (!first) {
      first = std::move(made);
    } else {
      first.follow(std::move(made));
    }
  }
  if (sent == 0) return 0;
  acknowledges();
  owner_.network_.send({.payload = std::move(first),
                        .source = tuple.local.address,
                        .destination = tuple.remote.address,
                        .protocol = ip_protocol::tcp,
                        .traffic_class = static_cast<std::uint8_t>(ecn_.mark(true)),
                        .dont_fragment = true},
                       now());
  return sent;
}

}  // namespace pentad::native
