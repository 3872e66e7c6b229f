#include "pentad/inspect/tcp_probe.hpp"

#include <cassert>

#include "pentad/wire/tcp.hpp"

namespace pentad {
namespace {

constexpr std::size_t quoted_size = 8;

wire::tcp_header header_of(const tcp_probe& probe) noexcept {
  wire::tcp_header header{.source_port = probe.source.port,
                          .destination_port = probe.destination.port,
                          .sequence = wire::tcp_sequence(probe.sequence),
                          .acknowledgment = {},
                          .flags = wire::tcp_syn,
                          .window = 64240,
                          .urgent_pointer = 0,
                          .options = {}};
  header.options.maximum_segment_size = 1460;
  return header;
}

}  // namespace

void tcp_probe::emit(std::span<std::byte> out) const noexcept {
  const wire::tcp_header header = header_of(*this);
  assert(header.size() == size());
  const wire::pseudo_header pseudo(source.address, destination.address, ip_protocol::tcp);
  header.emit(out, pseudo, {});
}

std::optional<tcp_probe_answer> tcp_probe_answer::parse(std::span<const std::byte> segment,
                                                        std::uint32_t sequence) noexcept {
  const wire::pseudo_header nobody({}, {}, ip_protocol::tcp);
  const auto view = wire::tcp_view::parse(segment, nobody, wire::checksum_check::skip);
  if (!view || !view->flags().has(wire::tcp_ack)) return {};
  const bool is_open = view->flags().has(wire::tcp_syn);
  if (!is_open && !view->flags().has(wire::tcp_rst)) return {};
  if (view->acknowledgment() != wire::tcp_sequence(sequence + 1)) return {};
  return tcp_probe_answer{view->destination_port(), view->source_port(), is_open};
}

std::optional<tcp_probe_answer> tcp_probe_answer::parse_quoted(std::span<const std::byte> segment,
                                                               std::uint32_t sequence) noexcept {
  if (segment.size() < quoted_size || load_be32(&segment[4]) != sequence) return {};
  return tcp_probe_answer{load_be16(segment.data()), load_be16(&segment[2]), false};
}

}  // namespace pentad
