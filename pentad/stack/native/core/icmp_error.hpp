// The payload of ICMP errors: what went wrong and the beginning of the packet that it is about.
#pragma once

#include <optional>

#include "pentad/nic/packet.hpp"
#include "pentad/stack/native/core/context.hpp"
#include "pentad/stack/native/core/ip_packet.hpp"
#include "pentad/wire/icmpv4.hpp"
#include "pentad/wire/icmpv6.hpp"

namespace pentad::native {

/// No packet when memory is short. `about` begins with its IP header.
packet make_icmp_error(context& shared, const wire::icmpv4_header& header,
                       std::span<const std::byte> about);
packet make_icmp_error(context& shared, const wire::icmpv6_header& header,
                       std::span<const std::byte> about, const ip_address& source,
                       const ip_address& destination);

// What such errors mean to transports, and how they are said. Nothing: for nobody.

std::optional<path_error::kind> meaning_of(const wire::icmpv4_view& message) noexcept;
std::optional<path_error::kind> meaning_of(const wire::icmpv6_view& message) noexcept;

/// Of errors that a host finds itself: `network_unreachable`, `host_unreachable` and `too_big`.
wire::icmpv4_header icmpv4_error(path_error::kind what, std::uint32_t mtu) noexcept;
wire::icmpv6_header icmpv6_error(path_error::kind what, std::uint32_t mtu) noexcept;

}  // namespace pentad::native
