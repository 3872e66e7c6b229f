#include "pentad/nic/segmentation.hpp"

#include <algorithm>

#include "pentad/base/byte_order.hpp"
#include "pentad/wire/checksum.hpp"
#include "pentad/wire/ethernet.hpp"
#include "pentad/wire/ipv4.hpp"
#include "pentad/wire/ipv6.hpp"
#include "pentad/wire/tcp.hpp"
#include "pentad/wire/udp.hpp"

namespace pentad {
namespace {

constexpr std::size_t ip_at = wire::ethernet_header::size();
constexpr std::size_t tcp_checksum_at = 16;
constexpr std::size_t udp_checksum_at = 6;

// Zero says "none" in UDP; its other form, which sums up to the same, is right everywhere.
std::uint16_t never_zero(std::uint16_t checksum) noexcept {
  return checksum == 0 ? 0xffff : checksum;
}

bool ip_header_fits(std::span<const std::byte> frame, const packet_offload& offload) noexcept {
  const std::size_t transport_at = offload.checksum_start;
  if (transport_at < ip_at + wire::ipv4_header::size()) return false;
  const auto first = std::to_integer<std::size_t>(frame[ip_at]);
  switch (first >> 4) {
    case 4:
      return offload.segment != segmentation::tcp_v6 && ip_at + (first & 0xf) * 4 == transport_at;
    case 6:
      return offload.segment != segmentation::tcp_v4 &&
             transport_at >= ip_at + wire::ipv6_header::size();
    default:
      return false;
  }
}

// Everything that is read or written below lies inside the headers, and these inside the frame.
bool is_well_formed(std::span<const std::byte> frame, const packet_offload& offload) noexcept {
  const bool udp = offload.segment == segmentation::udp;
  const std::size_t least = udp ? wire::udp_header::size() : wire::tcp_header::least_size;
  return offload.checksum == checksum_state::partial && offload.segment_size != 0 &&
         offload.header_size <= frame.size() &&
         frame.size() <= offload.checksum_start + std::size_t{UINT16_MAX} &&
         offload.checksum_start + least <= offload.header_size &&
         offload.checksum_offset == (udp ? udp_checksum_at : tcp_checksum_at) &&
         ip_header_fits(frame, offload);
}

class splitter {
 public:
  splitter(std::span<const std::byte> frame, const packet_offload& offload) noexcept
      : headers_(frame.first(offload.header_size)),
        payload_(frame.subspan(offload.header_size)),
        offload_(offload) {}

  // One at least: a frame without payload is a segment too.
  std::size_t count() const noexcept {
    const std::size_t full = (payload_.size() + offload_.segment_size - 1) / offload_.segment_size;
    return std::max(full, std::size_t{1});
  }

  std::size_t size_of(std::size_t index) const noexcept {
    return headers_.size() + payload_of(index).size();
  }

  void write(std::size_t index, packet& segment) const noexcept {
    segment.append(headers_);
    const std::span<std::byte> headers = segment.bytes();
    const std::span<const std::byte> payload = payload_of(index);
    const std::size_t size = headers.size() - offload_.checksum_start + payload.size();
    write_ip(index, headers.subspan(ip_at), size);
    const std::span<std::byte> transport = headers.subspan(offload_.checksum_start);
    write_transport(index, transport, size);
    // The checksum field holds the sum of the pseudo header, with the length of the whole.
    wire::internet_sum sum;
    sum.add_be16(static_cast<std::uint16_t>(~transport_size()));
    sum.add_be16(static_cast<std::uint16_t>(size));
    sum.add(transport);
    sum.add_copy(payload, segment.append(payload.size()));
    store_be16(&transport[offload_.checksum_offset], never_zero(sum.checksum()));
  }

 private:
  std::span<const std::byte> payload_of(std::size_t index) const noexcept {
    const std::span<const std::byte> rest = payload_.subspan(index * offload_.segment_size);
    return rest.first(std::min<std::size_t>(rest.size(), offload_.segment_size));
  }

  std::size_t transport_size() const noexcept {
    return headers_.size() - offload_.checksum_start + payload_.size();
  }

  void write_ip(std::size_t index, std::span<std::byte> ip, std::size_t size) const noexcept {
    const std::size_t header_size = offload_.checksum_start - ip_at;
    if ((ip[0] >> 4) == std::byte{6}) {
      store_be16(&ip[4],
                 static_cast<std::uint16_t>(header_size - wire::ipv6_header::size() + size));
      return;
    }
    store_be16(&ip[2], static_cast<std::uint16_t>(header_size + size));
    store_be16(&ip[4], static_cast<std::uint16_t>(load_be16(&ip[4]) + index));
    store_be16(&ip[10], 0);
    store_be16(&ip[10], wire::internet_sum{ip.first(header_size)}.checksum());
  }

  void write_transport(std::size_t index, std::span<std::byte> transport,
                       std::size_t size) const noexcept {
    if (offload_.segment == segmentation::udp) {
      store_be16(&transport[4], static_cast<std::uint16_t>(size));
      return;
    }
    const auto skipped = static_cast<std::uint32_t>(index * offload_.segment_size);
    store_be32(&transport[4], load_be32(&transport[4]) + skipped);
    if (index != 0) transport[13] &= ~std::byte{wire::tcp_cwr.bits()};
    if (index + 1 != count()) transport[13] &= ~std::byte{(wire::tcp_fin | wire::tcp_psh).bits()};
  }

  std::span<const std::byte> headers_;
  std::span<const std::byte> payload_;
  packet_offload offload_;
};

}  // namespace

bool complete_checksum(packet& frame) noexcept {
  packet_offload offload = frame.offload();
  if (offload.checksum != checksum_state::partial) return true;
  const std::span<std::byte> bytes = frame.bytes();
  const std::size_t field = std::size_t{offload.checksum_start} + offload.checksum_offset;
  if (field + 2 > bytes.size()) return false;
  const wire::internet_sum sum{bytes.subspan(offload.checksum_start)};
  store_be16(&bytes[field], never_zero(sum.checksum()));
  offload.checksum = checksum_state::none;
  offload.checksum_start = offload.checksum_offset = 0;
  frame.set_offload(offload);
  return true;
}

split_outcome split(packet frame, packet_queue& out) {
  const packet_offload offload = frame.offload();
  if (offload.segment == segmentation::none) {
    out.push(std::move(frame));
    return split_outcome::done;
  }
  if (!is_well_formed(frame.bytes(), offload)) return split_outcome::malformed;
  const splitter whole(frame.bytes(), offload);
  packet_queue segments;
  for (std::size_t i = 0; i != whole.count(); ++i) {
    packet segment = frame.pool().take(whole.size_of(i));
    if (!segment) return split_outcome::no_memory;
    whole.write(i, segment);
    segments.push(std::move(segment));
  }
  out.append(segments);
  return split_outcome::done;
}

}  // namespace pentad
