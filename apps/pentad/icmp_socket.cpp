#include "apps/pentad/icmp_socket.hpp"

#include <utility>

#include "pentad/base/error.hpp"

namespace pentad::command {

result<icmp_socket> icmp_socket::open(host& here, ip_version version) {
  const ip_protocol protocol = version == ip_version::v4 ? ip_protocol::icmp : ip_protocol::icmpv6;
  raw_options options;
  options.common.errors = true;
  options.types = icmp_types{icmp_echo::reply_type(version)};
  options.unprivileged = true;
  const auto identifier = static_cast<std::uint16_t>(here.random());
  if (result<raw_socket> opened = here.raw(version, protocol, options)) {
    return icmp_socket(std::move(*opened), version, true, identifier);
  }
  options.unprivileged = false;
  result<raw_socket> opened = here.raw(version, protocol, options);
  if (opened) return icmp_socket(std::move(*opened), version, false, identifier);
  if (opened.error() == std::errc::operation_not_permitted) return failure(errc::needs_ping_group);
  return failure(opened.error());
}

std::optional<std::uint16_t> icmp_socket::replied(
    std::span<const std::byte> message) const noexcept {
  const std::optional<icmp_echo> echo = icmp_echo::parse(version_, message);
  if (!echo || !echo->is_reply || !is_ours(*echo)) return {};
  return echo->sequence;
}

std::optional<std::uint16_t> icmp_socket::quoted(
    std::span<const std::byte> message) const noexcept {
  const std::optional<icmp_echo> echo = icmp_echo::parse(version_, message);
  if (!echo || echo->is_reply || !is_ours(*echo)) return {};
  return echo->sequence;
}

}  // namespace pentad::command
