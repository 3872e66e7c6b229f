#include "bench/wan/lost_tails.hpp"

#include <algorithm>
#include <cstdint>

#include "bench/wan/tail_mark.hpp"
#include "pentad/wire/ethernet.hpp"
#include "pentad/wire/ipv4.hpp"
#include "pentad/wire/tcp.hpp"

namespace pentad::bench {
namespace {

bool is_marked(std::span<const std::byte> payload) {
  const auto mark = std::as_bytes(std::span(tail_mark));
  return payload.size() >= mark.size() && std::ranges::equal(payload.last(mark.size()), mark);
}

}  // namespace

bool lost_tails::has_next(std::span<const std::byte> frame) {
  const auto ethernet = wire::ethernet_view::parse(frame);
  if (!ethernet || ethernet->type() != wire::ethertype::ipv4) return false;
  const auto packet = wire::ipv4_view::parse(ethernet->payload());
  if (!packet || packet->protocol() != ip_protocol::tcp) return false;
  const wire::pseudo_header pseudo(packet->source(), packet->destination(), ip_protocol::tcp);
  const auto segment = wire::tcp_view::parse(packet->payload(), pseudo, wire::checksum_check::skip);
  if (!segment || !is_marked(segment->payload())) return false;
  const wire::tcp_sequence end =
      segment->sequence() + static_cast<std::uint32_t>(segment->payload().size());
  if (latest_ == end) return false;
  latest_ = end;
  return true;
}

}  // namespace pentad::bench
