#include "pentad/wire/ipv6_extensions.hpp"

namespace pentad::wire {

namespace {

/// Protocol numbers of IANA that are extension headers, and some that end the chain.
enum class header : std::uint8_t {
  hop_by_hop = 0,
  tcp = 6,
  udp = 17,
  routing = 43,
  fragment = 44,
  icmpv6 = 58,
  none = 59,
  destination_options = 60,
};

/// Next header and length are the first two bytes of every extension header; all are 8 bytes or a
/// multiple of it (RFC 8200 section 4).
constexpr std::size_t unit = 8;

bool is_extension(ip_protocol protocol) noexcept {
  switch (static_cast<header>(protocol)) {
    case header::hop_by_hop:
    case header::routing:
    case header::fragment:
    case header::destination_options:
      return true;
    default:
      return false;
  }
}

/// The length of the extension header that `bytes` begin with, or 0 when it is not all there.
std::size_t length_of(ip_protocol type, std::span<const std::byte> bytes) noexcept {
  if (bytes.size() < unit) return 0;
  if (static_cast<header>(type) == header::fragment) return unit;
  const std::size_t length = (std::to_integer<std::size_t>(bytes[1]) + 1) * unit;
  return length <= bytes.size() ? length : 0;
}

std::uint16_t fragment_offset(std::span<const std::byte> fragment_header) noexcept {
  return load_be16(&fragment_header[2]) & 0xfff8;
}

bool more_fragments(std::span<const std::byte> fragment_header) noexcept {
  return (load_be16(&fragment_header[2]) & 1) != 0;
}

/// Of the header only, without options.
std::size_t least_size(ip_protocol upper_layer) noexcept {
  switch (static_cast<header>(upper_layer)) {
    case header::tcp:
      return 20;
    case header::udp:
    case header::icmpv6:
      return 8;
    case header::none:
      return 0;
    default:
      return 1;
  }
}

class extension_walk {
 public:
  explicit extension_walk(const ipv6_view& packet) noexcept
      : packet_{packet.bytes()},
        to_multicast_{packet.destination().is_multicast()},
        next_{packet.next_header()} {}

  ipv6_walk run() noexcept {
    for (std::size_t headers = 0; is_extension(next_); ++headers) {
      // RFC 8200 section 4.1: the hop-by-hop options come first or not at all.
      if (static_cast<header>(next_) == header::hop_by_hop && at_ != ipv6_header::size()) {
        return problem(icmpv6_parameter_problem::unrecognized_next_header, next_header_at_);
      }
      const std::size_t length = length_of(next_, packet_.subspan(at_));
      if (length == 0 || headers == ipv6_most_extension_headers) return ipv6_discard{};
      if (const auto end = take(packet_.subspan(at_, length))) return *end;
      next_ = static_cast<ip_protocol>(packet_[at_]);
      next_header_at_ = at_;
      at_ += length;
    }
    if (static_cast<header>(next_) == header::none) return ipv6_discard{};
    return ipv6_upper_layer{.protocol = next_,
                            .payload = packet_.subspan(at_),
                            .next_header_at = static_cast<std::uint16_t>(next_header_at_),
                            .had_fragment_header = had_fragment_header_,
                            .had_router_alert = had_router_alert_};
  }

 private:
  /// Does what one header says; the walk ends where that is something.
  std::optional<ipv6_walk> take(std::span<const std::byte> bytes) noexcept {
    switch (static_cast<header>(next_)) {
      case header::routing:
        return take_routing(bytes);
      case header::fragment:
        return take_fragment(bytes);
      default:
        return take_options(bytes);
    }
  }

  /// RFC 8200 section 4.2: the two high bits of an unknown option say what to do.
  std::optional<ipv6_walk> take_options(std::span<const std::byte> bytes) noexcept {
    constexpr std::byte pad_1{0};
    constexpr std::byte pad_n{1};
    constexpr std::byte router_alert{5};  // RFC 2711; asks nothing of a host
    for (std::size_t i = 2; i < bytes.size();) {
      const std::byte type = bytes[i];
      if (type == pad_1) {
        ++i;
        continue;
      }
      if (bytes.size() - i < 2) return ipv6_discard{};
      const std::size_t length = 2 + std::to_integer<std::size_t>(bytes[i + 1]);
      if (length > bytes.size() - i) return ipv6_discard{};
      if (type == router_alert) {
        had_router_alert_ = true;
      } else if (type != pad_n) {
        const auto action = std::to_integer<unsigned>(type >> 6);
        if (action == 1 || (action == 3 && to_multicast_)) return ipv6_discard{};
        if (action >= 2) {
          return answer(icmpv6_parameter_problem::unrecognized_option, at_ + i);
        }
      }
      i += length;
    }
    return std::nullopt;
  }

  /// RFC 8200 section 4.4: a host goes nowhere on behalf of a routing header, and no type is known
  /// here (type 0 must not be: RFC 5095). One that has done its work is passed over.
  std::optional<ipv6_walk> take_routing(std::span<const std::byte> bytes) noexcept {
    constexpr std::size_t type = 2;
    constexpr std::size_t segments_left = 3;
    if (bytes[segments_left] == std::byte{0}) return std::nullopt;
    return problem(icmpv6_parameter_problem::erroneous_field, at_ + type);
  }

  /// RFC 8200 section 4.5.
  std::optional<ipv6_walk> take_fragment(std::span<const std::byte> bytes) noexcept {
    const bool more = more_fragments(bytes);
    const std::uint16_t offset = fragment_offset(bytes);
    had_fragment_header_ = true;
    if (!more && offset == 0) return std::nullopt;  // RFC 6946: it is the whole packet

    const auto payload = packet_.subspan(at_ + unit);
    if (payload.empty()) return ipv6_discard{};
    if (more && payload.size() % unit != 0) {
      constexpr std::size_t payload_length_field = 4;
      return problem(icmpv6_parameter_problem::erroneous_field, payload_length_field);
    }
    if (at_ - ipv6_header::size() + offset + payload.size() > UINT16_MAX) {
      constexpr std::size_t offset_field = 2;
      return problem(icmpv6_parameter_problem::erroneous_field, at_ + offset_field);
    }
    const auto next = static_cast<ip_protocol>(bytes[0]);
    if (offset == 0 && !has_all_headers(next, payload)) {
      return problem(icmpv6_parameter_problem::incomplete_header_chain, 0);
    }
    return ipv6_fragment{.identification = load_be32(&bytes[4]),
                         .offset = offset,
                         .more_fragments = more,
                         .next_header = next,
                         .payload = payload,
                         .before = packet_.first(at_),
                         .next_header_at = static_cast<std::uint16_t>(next_header_at_)};
  }

  /// RFC 7112: the first fragment has the headers up to that of the upper layer.
  static bool has_all_headers(ip_protocol next, std::span<const std::byte> payload) noexcept {
    const auto end = skip_extensions(next, payload);
    return end && end->payload.size() >= least_size(end->protocol);
  }

  ipv6_discard problem(icmpv6_parameter_problem code, std::size_t pointer) const noexcept {
    // RFC 4443 section 2.4 e.3
    return to_multicast_ ? ipv6_discard{} : answer(code, pointer);
  }

  static ipv6_discard answer(icmpv6_parameter_problem code, std::size_t pointer) noexcept {
    return {icmpv6_header::parameter_problem(code, static_cast<std::uint32_t>(pointer))};
  }

  std::span<const std::byte> packet_;
  bool to_multicast_;
  ip_protocol next_;  // the type of the header at `at_`
  std::size_t at_ = ipv6_header::size();
  std::size_t next_header_at_ = 6;  // where `next_` was read
  bool had_fragment_header_ = false;
  bool had_router_alert_ = false;
};

}  // namespace

ipv6_walk walk_extensions(const ipv6_view& packet) noexcept { return extension_walk{packet}.run(); }

std::optional<ipv6_chain_end> skip_extensions(ip_protocol first,
                                              std::span<const std::byte> bytes) noexcept {
  for (std::size_t headers = 0; is_extension(first); ++headers) {
    const std::size_t length = length_of(first, bytes);
    if (length == 0 || headers == ipv6_most_extension_headers) return std::nullopt;
    if (static_cast<header>(first) == header::fragment && fragment_offset(bytes) != 0) {
      return std::nullopt;
    }
    first = static_cast<ip_protocol>(bytes[0]);
    bytes = bytes.subspan(length);
  }
  return ipv6_chain_end{first, bytes};
}

}  // namespace pentad::wire
