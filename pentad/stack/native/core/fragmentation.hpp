// Cuts a packet into fragments that fit a link (RFC 791, section 3.2; RFC 8200, section 4.5).
#pragma once

#include "pentad/nic/packet_queue.hpp"
#include "pentad/stack/native/core/context.hpp"
#include "pentad/wire/ipv4.hpp"
#include "pentad/wire/ipv6.hpp"

namespace pentad::native {

/// `payload` follows `header`, which gives all but sizes and offsets. The fragments are complete
/// packets of `mtu` bytes at most, or there are none, when memory is short. `mtu` has room for the
/// headers and 8 bytes.
packet_queue fragment(context& shared, const wire::ipv4_header& header, const packet& payload,
                      std::size_t mtu);
packet_queue fragment(context& shared, const wire::ipv6_header& header, const packet& payload,
                      std::size_t mtu, std::uint32_t identification);

}  // namespace pentad::native
