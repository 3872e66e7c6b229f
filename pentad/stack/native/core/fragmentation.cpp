#include "pentad/stack/native/core/fragmentation.hpp"

#include <algorithm>

#include "pentad/wire/ipv6_extensions.hpp"

namespace pentad::native {
namespace {

constexpr ip_protocol fragment_header_number{44};

/// Calls `put_headers(fragment, offset, is_last)` for each piece of the payload, in order.
template <class PutHeaders>
packet_queue cut(context& shared, const packet& payload, std::size_t most_per_fragment,
                 PutHeaders put_headers) {
  packet_queue fragments;
  const std::span<const std::byte> bytes = payload.bytes();
  const std::size_t step = most_per_fragment & ~std::size_t{7};  // offsets count eights
  for (std::size_t offset = 0; offset < bytes.size(); offset += step) {
    const std::size_t size = std::min(step, bytes.size() - offset);
    packet made = shared.packets.take(size);
    if (!made) {
      ++shared.counters.out_of_packets;
      return {};  // some fragments are worth nothing
    }
    made.append(bytes.subspan(offset, size));
    put_headers(made, static_cast<std::uint16_t>(offset), offset + size == bytes.size());
    fragments.push(std::move(made));
  }
  shared.counters.fragments_sent += fragments.count();
  return fragments;
}

}  // namespace

packet_queue fragment(context& shared, const wire::ipv4_header& header, const packet& payload,
                      std::size_t mtu) {
  return cut(shared, payload, mtu - wire::ipv4_header::size(),
             [&](packet& made, std::uint16_t offset, bool is_last) {
               wire::ipv4_header own = header;
               own.fragment_offset = offset;
               own.more_fragments = !is_last;
               own.payload_size = static_cast<std::uint16_t>(made.size());
               own.emit(made.prepend(wire::ipv4_header::size()));
             });
}

packet_queue fragment(context& shared, const wire::ipv6_header& header, const packet& payload,
                      std::size_t mtu, std::uint32_t identification) {
  constexpr std::size_t headers = wire::ipv6_header::size() + wire::ipv6_fragment_header::size();
  return cut(shared, payload, mtu - headers, [&](packet& made, std::uint16_t offset, bool is_last) {
    wire::ipv6_fragment_header{.next_header = header.next_header,
                               .offset = offset,
                               .more_fragments = !is_last,
                               .identification = identification}
        .emit(made.prepend(wire::ipv6_fragment_header::size()));
    wire::ipv6_header own = header;
    own.next_header = fragment_header_number;
    own.payload_size = static_cast<std::uint16_t>(made.size());
    own.emit(made.prepend(wire::ipv6_header::size()));
  });
}

}  // namespace pentad::native
