#include "pentad/stack/native/core/ready_headers.hpp"

namespace pentad::native {

ready_headers::ready_headers(const mac_address& from, const mac_address& to,
                             const ip_address& source, const ip_address& destination,
                             const kind& of) noexcept
    : kind_(of) {
  const wire::ethertype type = source.is_v4() ? wire::ethertype::ipv4 : wire::ethertype::ipv6;
  wire::ethernet_header{to, from, type}.emit(bytes_);
  const std::span<std::byte> packet = std::span(bytes_).subspan(link);
  if (source.is_v6()) {
    size_ = ipv6_size;
    wire::ipv6_header{.source = source,
                      .destination = destination,
                      .next_header = of.protocol,
                      .hop_limit = of.time_to_live,
                      .traffic_class = of.traffic_class}
        .emit(packet);
    return;
  }
  size_ = ipv4_size;
  wire::ipv4_header{.source = source,
                    .destination = destination,
                    .protocol = of.protocol,
                    .time_to_live = of.time_to_live,
                    .traffic_class = of.traffic_class,
                    .dont_fragment = of.dont_fragment}
      .emit(packet);
  store_be16(&packet[2], 0);
  store_be16(&packet[10], 0);
  fixed_ = wire::internet_sum(packet.first(wire::ipv4_header::size())).folded();
}

}  // namespace pentad::native
