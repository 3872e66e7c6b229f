// TCP segments and UDP datagrams in Ethernet frames, whole or as super-segments.
#pragma once

#include "pentad/wire/ethernet.hpp"
#include "pentad/wire/ipv4.hpp"
#include "pentad/wire/ipv6.hpp"
#include "pentad/wire/tcp.hpp"
#include "pentad/wire/udp.hpp"
#include "tests/nic/frames.hpp"

namespace pentad::test {

/// Makes frames of one flow.
class flow {
 public:
  flow(const ip_address& source, const ip_address& destination) noexcept
      : source_(source), destination_(destination) {}

  static flow v4() noexcept { return {ip_address::v4(10, 9, 0, 1), ip_address::v4(10, 9, 0, 2)}; }
  static flow v6() noexcept {
    constexpr std::byte fd{0xfd};
    return {
        ip_address::v6(
            {fd, std::byte{9}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, std::byte{1}}),
        ip_address::v6(
            {fd, std::byte{9}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, std::byte{2}})};
  }

  std::uint16_t identification = 0xffff;  ///< of IPv4
  wire::tcp_flags flags = wire::tcp_ack;
  std::uint32_t sequence = 0xffff'fc00;
  std::uint32_t acknowledgment = 77;
  std::uint16_t window = 500;
  std::uint32_t timestamp = 1;
  mac_address destination_mac{2, 0, 0, 0, 0, 2};

  /// Complete, as a stack without offload sends it.
  octets tcp(std::span<const std::byte> payload) const {
    octets frame = headers(ip_protocol::tcp, tcp_header().size() + payload.size());
    const std::size_t at = frame.size();
    frame.resize(at + tcp_header().size());
    tcp_header().emit(std::span(frame).subspan(at), pseudo(ip_protocol::tcp),
                      wire::internet_sum{payload});
    frame.insert(frame.end(), payload.begin(), payload.end());
    return frame;
  }

  /// With a partial checksum, to be split into `segment_size` bytes of payload each, if that is
  /// not 0.
  packet tcp_offloaded(packet_pool& pool, std::span<const std::byte> payload,
                       std::uint16_t segment_size) const {
    const octets front = headers(ip_protocol::tcp, tcp_header().size() + payload.size());
    packet frame = pool.take(front.size() + tcp_header().size() + payload.size());
    frame.append(front);
    tcp_header().emit_for_offload(frame.append(tcp_header().size()), pseudo(ip_protocol::tcp),
                                  payload.size());
    return finish(std::move(frame), payload, front.size(), 16, segment_size,
                  source_.is_v4() ? segmentation::tcp_v4 : segmentation::tcp_v6);
  }

  octets udp(std::span<const std::byte> payload) const {
    octets frame = headers(ip_protocol::udp, wire::udp_header::size() + payload.size());
    const std::size_t at = frame.size();
    frame.resize(at + wire::udp_header::size());
    udp_header().emit(std::span(frame).subspan(at), pseudo(ip_protocol::udp),
                      wire::internet_sum{payload});
    frame.insert(frame.end(), payload.begin(), payload.end());
    return frame;
  }

  packet udp_offloaded(packet_pool& pool, std::span<const std::byte> payload,
                       std::uint16_t segment_size) const {
    const octets front = headers(ip_protocol::udp, wire::udp_header::size() + payload.size());
    packet frame = pool.take(front.size() + wire::udp_header::size() + payload.size());
    frame.append(front);
    udp_header().emit_for_offload(frame.append(wire::udp_header::size()), pseudo(ip_protocol::udp),
                                  payload.size());
    return finish(std::move(frame), payload, front.size(), 6, segment_size, segmentation::udp);
  }

 private:
  wire::tcp_header tcp_header() const noexcept {
    wire::tcp_header header;
    header.source_port = 4000;
    header.destination_port = 5000;
    header.sequence = wire::tcp_sequence(sequence);
    header.acknowledgment = wire::tcp_sequence(acknowledgment);
    header.flags = flags;
    header.window = window;
    header.options.timestamps = wire::tcp_timestamps{timestamp, 2};
    return header;
  }

  static wire::udp_header udp_header() noexcept { return {4000, 5000}; }

  wire::pseudo_header pseudo(ip_protocol protocol) const noexcept {
    return {source_, destination_, protocol};
  }

  octets headers(ip_protocol protocol, std::size_t size) const {
    const auto length = static_cast<std::uint16_t>(size);
    const bool v4 = source_.is_v4();
    octets frame(wire::ethernet_header::size() +
                 (v4 ? wire::ipv4_header::size() : wire::ipv6_header::size()));
    wire::ethernet_header{.destination = destination_mac,
                          .source = mac_address(2, 0, 0, 0, 0, 1),
                          .type = v4 ? wire::ethertype::ipv4 : wire::ethertype::ipv6}
        .emit(frame);
    const std::span<std::byte> ip = std::span(frame).subspan(wire::ethernet_header::size());
    if (v4) {
      wire::ipv4_header{.source = source_,
                        .destination = destination_,
                        .protocol = protocol,
                        .identification = identification,
                        .dont_fragment = true,
                        .payload_size = length}
          .emit(ip);
    } else {
      wire::ipv6_header{.source = source_,
                        .destination = destination_,
                        .next_header = protocol,
                        .payload_size = length}
          .emit(ip);
    }
    return frame;
  }

  static packet finish(packet frame, std::span<const std::byte> payload, std::size_t start,
                       std::uint16_t offset, std::uint16_t segment_size, segmentation kind) {
    packet_offload offload{.checksum = checksum_state::partial,
                           .checksum_start = static_cast<std::uint16_t>(start),
                           .checksum_offset = offset};
    if (segment_size != 0) {
      offload.segment = kind;
      offload.segment_size = segment_size;
      offload.header_size = static_cast<std::uint16_t>(frame.size());
    }
    frame.append(payload);
    frame.set_offload(offload);
    return frame;
  }

  ip_address source_;
  ip_address destination_;
};

inline octets payload_of(std::size_t size) {
  octets payload(size);
  for (std::size_t i = 0; i != size; ++i) payload[i] = static_cast<std::byte>(i * 7 + i / 251);
  return payload;
}

}  // namespace pentad::test
