#include "pentad/inspect/icmp_echo.hpp"

#include <algorithm>
#include <cassert>

#include "pentad/wire/icmpv4.hpp"
#include "pentad/wire/icmpv6.hpp"

namespace pentad {
namespace {

constexpr std::size_t header_size = wire::icmpv4_header::size();
static_assert(header_size == wire::icmpv6_header::size());

}  // namespace

std::uint8_t icmp_echo::request_type(ip_version version) noexcept {
  return version == ip_version::v4 ? static_cast<std::uint8_t>(wire::icmpv4_type::echo_request)
                                   : static_cast<std::uint8_t>(wire::icmpv6_type::echo_request);
}

std::uint8_t icmp_echo::reply_type(ip_version version) noexcept {
  return version == ip_version::v4 ? static_cast<std::uint8_t>(wire::icmpv4_type::echo_reply)
                                   : static_cast<std::uint8_t>(wire::icmpv6_type::echo_reply);
}

std::optional<icmp_echo> icmp_echo::parse(ip_version version,
                                          std::span<const std::byte> message) noexcept {
  if (message.size() < header_size) return {};
  const auto type = std::to_integer<std::uint8_t>(message[0]);
  const bool is_reply = type == reply_type(version);
  if (!is_reply && type != request_type(version)) return {};
  return icmp_echo{.is_reply = is_reply,
                   .identifier = load_be16(&message[4]),
                   .sequence = load_be16(&message[6]),
                   .data = message.subspan(header_size)};
}

std::size_t icmp_echo::size() const noexcept { return header_size + data.size(); }

void icmp_echo::emit(ip_version version, std::span<std::byte> out) const noexcept {
  assert(out.size() >= size());
  std::ranges::copy(data, out.subspan(header_size).begin());
  const std::uint32_t rest = std::uint32_t{identifier} << 16 | sequence;
  if (version == ip_version::v4) {
    const auto type =
        static_cast<wire::icmpv4_type>(is_reply ? reply_type(version) : request_type(version));
    wire::icmpv4_header{type, 0, rest}.emit(out, wire::internet_sum(data));
    return;
  }
  out[0] = std::byte{is_reply ? reply_type(version) : request_type(version)};
  out[1] = std::byte{0};
  store_be16(&out[2], 0);
  store_be32(&out[4], rest);
}

}  // namespace pentad
