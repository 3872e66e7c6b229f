#include "pentad/stack/native/core/icmp_error.hpp"

#include <algorithm>

#include "pentad/wire/ipv4.hpp"
#include "pentad/wire/ipv6.hpp"

namespace pentad::native {
namespace {

constexpr std::size_t longest_v4 = 576;   // RFC 1812, section 4.3.2.3
constexpr std::size_t longest_v6 = 1280;  // RFC 4443, section 2.4 c

/// A packet that holds what is quoted, `headers` less than `longest`.
packet quote(context& shared, std::span<const std::byte> about, std::size_t longest,
             std::size_t headers) {
  const auto quoted = about.first(std::min(about.size(), longest - headers));
  packet made = shared.packets.take(quoted.size());
  if (made) {
    made.append(quoted);
  } else {
    ++shared.counters.out_of_packets;
  }
  return made;
}

}  // namespace

packet make_icmp_error(context& shared, const wire::icmpv4_header& header,
                       std::span<const std::byte> about) {
  constexpr std::size_t size = wire::icmpv4_header::size();
  packet made = quote(shared, about, longest_v4, wire::ipv4_header::size() + size);
  if (!made) return made;
  const wire::internet_sum sum{made.bytes()};
  header.emit(made.prepend(size), sum);
  return made;
}

packet make_icmp_error(context& shared, const wire::icmpv6_header& header,
                       std::span<const std::byte> about, const ip_address& source,
                       const ip_address& destination) {
  constexpr std::size_t size = wire::icmpv6_header::size();
  packet made = quote(shared, about, longest_v6, wire::ipv6_header::size() + size);
  if (!made) return made;
  const wire::internet_sum sum{made.bytes()};
  header.emit(made.prepend(size), wire::pseudo_header(source, destination, ip_protocol::icmpv6),
              sum);
  return made;
}

std::optional<path_error::kind> meaning_of(const wire::icmpv4_view& message) noexcept {
  using kind = path_error::kind;
  switch (message.type()) {
    case wire::icmpv4_type::time_exceeded:
      return kind::time_exceeded;
    case wire::icmpv4_type::parameter_problem:
      return kind::parameter_problem;
    case wire::icmpv4_type::destination_unreachable:
      break;
    default:
      return std::nullopt;
  }
  switch (message.code()) {  // RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1
    case 0:
    case 6:
    case 11:
      return kind::network_unreachable;
    case 1:
    case 5:
    case 7:
    case 8:
    case 12:
      return kind::host_unreachable;
    case 2:
      return kind::protocol_unreachable;
    case 3:
      return kind::port_unreachable;
    case 4:
      return kind::too_big;
    case 9:
    case 10:
    case 13:
    case 14:
    case 15:
      return kind::prohibited;
    default:
      return std::nullopt;
  }
}

std::optional<path_error::kind> meaning_of(const wire::icmpv6_view& message) noexcept {
  using kind = path_error::kind;
  switch (message.type()) {
    case wire::icmpv6_type::packet_too_big:
      return kind::too_big;
    case wire::icmpv6_type::time_exceeded:
      return kind::time_exceeded;
    case wire::icmpv6_type::parameter_problem: {
      const auto code = static_cast<wire::icmpv6_parameter_problem>(message.code());
      return code == wire::icmpv6_parameter_problem::unrecognized_next_header
                 ? kind::protocol_unreachable
                 : kind::parameter_problem;
    }
    case wire::icmpv6_type::destination_unreachable:
      break;
    default:
      return std::nullopt;
  }
  switch (static_cast<wire::icmpv6_unreachable>(message.code())) {
    case wire::icmpv6_unreachable::no_route:
      return kind::network_unreachable;
    case wire::icmpv6_unreachable::beyond_scope:
    case wire::icmpv6_unreachable::address:
      return kind::host_unreachable;
    case wire::icmpv6_unreachable::port:
      return kind::port_unreachable;
    case wire::icmpv6_unreachable::prohibited:
    case wire::icmpv6_unreachable::source_policy:
    case wire::icmpv6_unreachable::reject_route:
      return kind::prohibited;
  }
  return std::nullopt;
}

wire::icmpv4_header icmpv4_error(path_error::kind what, std::uint32_t mtu) noexcept {
  switch (what) {
    case path_error::kind::too_big:
      return wire::icmpv4_header::fragmentation_needed(static_cast<std::uint16_t>(mtu));
    case path_error::kind::network_unreachable:
      return wire::icmpv4_header::unreachable(wire::icmpv4_unreachable::network);
    default:
      return wire::icmpv4_header::unreachable(wire::icmpv4_unreachable::host);
  }
}

wire::icmpv6_header icmpv6_error(path_error::kind what, std::uint32_t mtu) noexcept {
  switch (what) {
    case path_error::kind::too_big:
      return wire::icmpv6_header::packet_too_big(mtu);
    case path_error::kind::network_unreachable:
      return wire::icmpv6_header::unreachable(wire::icmpv6_unreachable::no_route);
    default:
      return wire::icmpv6_header::unreachable(wire::icmpv6_unreachable::address);
  }
}

}  // namespace pentad::native
