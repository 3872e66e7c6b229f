#include "pentad/nic/coalescing.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "pentad/base/byte_order.hpp"
#include "pentad/wire/checksum.hpp"
#include "pentad/wire/ethernet.hpp"
#include "pentad/wire/ipv4.hpp"
#include "pentad/wire/ipv6.hpp"
#include "pentad/wire/tcp.hpp"

namespace pentad {
namespace {

constexpr std::size_t ip_at = wire::ethernet_header::size();
constexpr std::size_t v4_size = wire::ipv4_header::size();
constexpr std::size_t v6_size = wire::ipv6_header::size();
constexpr std::size_t least_tcp = wire::tcp_header::least_size;

// Where the parts of a plain segment with data lie in its frame.
struct layout {
  const std::byte* frame;
  std::size_t tcp_at;
  std::size_t payload_at;
  std::size_t end;  // of the payload; what follows pads the frame

  const std::byte* ip() const noexcept { return frame + ip_at; }
  const std::byte* tcp() const noexcept { return frame + tcp_at; }
  bool is_v4() const noexcept { return tcp_at == ip_at + v4_size; }
  std::size_t payload_size() const noexcept { return end - payload_at; }
  std::uint32_t sequence() const noexcept { return load_be32(tcp() + 4); }
  std::uint32_t next_sequence() const noexcept {
    return sequence() + static_cast<std::uint32_t>(payload_size());
  }
  bool is_pushed() const noexcept { return wire::tcp_flags(flags()).has(wire::tcp_psh); }
  std::uint8_t flags() const noexcept { return std::to_integer<std::uint8_t>(tcp()[13]); }
};

bool same(const std::byte* a, const std::byte* b, std::size_t from, std::size_t end) noexcept {
  return std::memcmp(a + from, b + from, end - from) == 0;
}

// Where the packet of IP ends, with TCP right behind a header without options; 0 if it is none.
std::size_t end_of_packet(std::span<const std::byte> frame) noexcept {
  const std::byte* const ip = frame.data() + ip_at;
  const std::uint16_t type = load_be16(ip - 2);
  if (type == static_cast<std::uint16_t>(wire::ethertype::ipv4)) {
    constexpr std::byte without_options{0x45};
    const bool is_fragment = (load_be16(ip + 6) & 0x3fff) != 0;
    const bool is_plain = ip[0] == without_options && !is_fragment &&
                          ip[9] == static_cast<std::byte>(ip_protocol::tcp);
    return is_plain ? ip_at + load_be16(ip + 2) : 0;
  }
  if (type != static_cast<std::uint16_t>(wire::ethertype::ipv6)) return 0;
  const bool is_plain =
      (ip[0] >> 4) == std::byte{6} && ip[6] == static_cast<std::byte>(ip_protocol::tcp);
  return is_plain ? ip_at + v6_size + load_be16(ip + 4) : 0;
}

std::optional<layout> layout_of(const packet& candidate) noexcept {
  const std::span<const std::byte> frame = candidate.bytes();
  if (frame.size() < ip_at + v4_size + least_tcp) return std::nullopt;
  if (candidate.offload().segment != segmentation::none) return std::nullopt;
  const bool is_v6 = (frame[ip_at] >> 4) == std::byte{6};
  layout at{.frame = frame.data(),
            .tcp_at = ip_at + (is_v6 ? v6_size : v4_size),
            .payload_at = 0,
            .end = end_of_packet(frame)};
  if (frame.size() < at.tcp_at + least_tcp) return std::nullopt;
  at.payload_at = at.tcp_at + std::to_integer<std::size_t>(at.tcp()[12] >> 4) * 4;
  const bool fits =
      at.payload_at >= at.tcp_at + least_tcp && at.payload_at < at.end && at.end <= frame.size();
  const auto beside_push = static_cast<std::uint8_t>(at.flags() & ~wire::tcp_psh.bits());
  if (!fits || beside_push != wire::tcp_ack.bits()) return std::nullopt;
  return at;
}

bool continues(const layout& first, const layout& next, std::uint32_t expected) noexcept {
  if (first.payload_at != next.payload_at || first.tcp_at != next.tcp_at) return false;
  if (next.sequence() != expected || !same(first.frame, next.frame, 0, ip_at)) return false;
  const std::byte* const a = first.ip();
  const std::byte* const b = next.ip();
  // Lengths, the identification and the checksums are each packet's own.
  const bool same_ip = first.is_v4()
                           ? same(a, b, 0, 2) && same(a, b, 6, 10) && same(a, b, 12, v4_size)
                           : same(a, b, 0, 4) && same(a, b, 6, v6_size);
  const std::byte* const one = first.tcp();
  const std::byte* const other = next.tcp();
  return same_ip && same(one, other, 0, 4) && same(one, other, 8, 12) && same(one, other, 14, 16) &&
         same(one, other, least_tcp, first.payload_at - first.tcp_at);
}

bool checksums_are_right(const packet& whole, const layout& at) noexcept {
  if (at.is_v4()) {
    wire::internet_sum header;
    header.add_header({at.ip(), v4_size});
    if (header.folded() != 0xffff) return false;
  }
  if (whole.offload().checksum != checksum_state::none) return true;
  const std::size_t size = at.end - at.tcp_at;
  wire::internet_sum sum;
  sum.add_header(at.is_v4() ? std::span(at.ip() + 12, 8) : std::span(at.ip() + 8, 32));
  sum.add_be16(static_cast<std::uint16_t>(ip_protocol::tcp));
  sum.add_be32(static_cast<std::uint32_t>(size));
  sum.add({at.tcp(), size});
  return sum.folded() == 0xffff;
}

// Segments that continue each other, of which `first` is handed on.
struct row {
  packet* first;
  layout at;
  std::uint32_t next_sequence;
  bool is_verified;
};

// Those that may still go on, a few: flows that send at the same time take turns.
class open_rows {
 public:
  void begin(packet& first, const layout& at) noexcept {
    if (at.is_pushed()) return;
    row& place = count_ < rows_.size() ? rows_[count_++] : rows_[replaced_++ % rows_.size()];
    place = {&first, at, at.next_sequence(), false};
  }

  void end_all() noexcept { count_ = 0; }

  // Whether `added` goes with a row.
  bool add(packet& added, const layout& at) noexcept {
    for (row& each : std::span(rows_).first(count_)) {
      if (!continues(each.at, at, each.next_sequence)) continue;
      if (!is_verified(each) || !checksums_are_right(added, at)) return false;
      added.truncate(at.end);
      added.remove_prefix(at.payload_at);
      each.first->follow(std::move(added));
      each.next_sequence = at.next_sequence();
      if (at.is_pushed()) each = rows_[--count_];
      return true;
    }
    return false;
  }

 private:
  static bool is_verified(row& checked) noexcept {
    if (checked.is_verified) return true;
    if (!checksums_are_right(*checked.first, checked.at)) return false;
    checked.is_verified = true;
    if (checked.first->offload().checksum == checksum_state::none) {
      checked.first->set_offload({.checksum = checksum_state::verified});
    }
    return true;
  }

  std::array<row, 8> rows_;
  std::size_t count_ = 0;
  std::size_t replaced_ = 0;
};

}  // namespace

std::size_t coalesce(std::span<packet> frames) noexcept {
  if (frames.size() < 2) return frames.size();
  open_rows rows;
  std::size_t kept = 0;
  for (packet& each : frames) {
    const std::optional<layout> at = layout_of(each);
    if (at && rows.add(each, *at)) continue;
    packet& place = frames[kept++];
    if (&place != &each) place = std::move(each);
    if (at) {
      rows.begin(place, *at);
    } else {
      rows.end_all();
    }
  }
  return kept;
}

}  // namespace pentad
