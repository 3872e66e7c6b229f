#pragma once

/// The extension headers between the fixed header of an IPv6 packet and its payload (RFC 8200
/// section 4), walked once from the first to where it is known what to do with the packet.

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>

#include "pentad/base/byte_order.hpp"
#include "pentad/base/ip_protocol.hpp"
#include "pentad/wire/icmpv6.hpp"
#include "pentad/wire/ipv6.hpp"

namespace pentad::wire {

/// More headers than this are not walked (RFC 8504 section 5.3 lets hosts limit them).
inline constexpr std::size_t ipv6_most_extension_headers = 8;

/// The packet is for an upper-layer protocol, known or not.
struct ipv6_upper_layer {
  ip_protocol protocol = ip_protocol::tcp;
  std::span<const std::byte> payload;
  /// Where in the packet the number of the protocol stands: the pointer of the ICMP error that says
  /// that the protocol is not known (RFC 4443 section 3.4).
  std::uint16_t next_header_at = 0;
  /// The packet came as a fragment that was the whole of it (RFC 6946), which neighbour discovery
  /// refuses (RFC 6980).
  bool had_fragment_header = false;
  /// Routers on its way had to look at it (RFC 2711).
  bool had_router_alert = false;
};

/// The packet is a part of one that has to be put together first (RFC 8200 section 4.5). It is not
/// empty, its length is a multiple of 8 unless it is the last one, and with it the packet still has
/// at most 65,535 bytes of payload. If it is the first, it has all headers (RFC 7112).
struct ipv6_fragment {
  std::uint32_t identification = 0;
  std::uint16_t offset = 0;                    ///< in bytes, a multiple of 8
  bool more_fragments = false;                 ///< it is not the last one
  ip_protocol next_header = ip_protocol::tcp;  ///< what the fragment at offset 0 begins with
  std::span<const std::byte> payload;

  /// To rebuild the packet: the bytes before the fragment header are its beginning, and in them the
  /// one at `next_header_at` becomes `next_header`.
  std::span<const std::byte> before;
  std::uint16_t next_header_at = 0;
};

/// The packet goes no further.
struct ipv6_discard {
  /// What to tell the sender, if anything. It is set for a multicast destination only where RFC
  /// 8200 section 4.2 asks for it, which is the case of `unrecognized_option`.
  std::optional<icmpv6_header> answer;
};

using ipv6_walk = std::variant<ipv6_upper_layer, ipv6_fragment, ipv6_discard>;

/// Takes time in proportion to the length of the headers. A header that is cut short is discarded
/// without an answer.
[[nodiscard]] ipv6_walk walk_extensions(const ipv6_view& packet) noexcept;

struct ipv6_chain_end {
  ip_protocol protocol = ip_protocol::tcp;
  std::span<const std::byte> payload;
};

/// Skips extension headers without acting on what they say, from `first` on, with which `bytes`
/// begin. Nothing when they are cut short, too many, or those of a fragment other than the first.
[[nodiscard]] std::optional<ipv6_chain_end> skip_extensions(
    ip_protocol first, std::span<const std::byte> bytes) noexcept;

/// The fragment header, for those who send fragments.
struct ipv6_fragment_header {
  ip_protocol next_header = ip_protocol::tcp;
  std::uint16_t offset = 0;  ///< in bytes, a multiple of 8
  bool more_fragments = false;
  std::uint32_t identification = 0;

  [[nodiscard]] static constexpr std::size_t size() noexcept { return 8; }

  constexpr void emit(std::span<std::byte> out) const noexcept {
    assert(out.size() >= size() && offset % 8 == 0);
    out[0] = static_cast<std::byte>(next_header);
    out[1] = std::byte{0};
    store_be16(&out[2], static_cast<std::uint16_t>(offset | (more_fragments ? 1 : 0)));
    store_be32(&out[4], identification);
  }
};

}  // namespace pentad::wire
