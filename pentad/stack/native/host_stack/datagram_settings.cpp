#include "pentad/stack/native/host_stack/datagram_settings.hpp"

#include <algorithm>

#include "pentad/stack/native/host_stack/native_stack.hpp"

namespace pentad::native {
namespace {

constexpr std::size_t least_send_buffer = 4608;     // socket(7)
constexpr std::size_t least_receive_buffer = 2304;  // the same
constexpr std::size_t most_buffer = std::size_t{64} << 20;

// Linux grants twice as much as was asked for.
std::size_t granted(int bytes, std::size_t least) noexcept {
  const auto wanted = static_cast<std::size_t>(std::max(bytes, 0)) * 2;
  return std::clamp(wanted, least, most_buffer);
}

path_mtu_mode mode_of(path_mtu_discovery wanted) noexcept {
  switch (wanted) {
    case path_mtu_discovery::off:
      return path_mtu_mode::off;
    case path_mtu_discovery::want:
      return path_mtu_mode::want;
    case path_mtu_discovery::always:
      return path_mtu_mode::always;
    case path_mtu_discovery::probe:
      return path_mtu_mode::probe;
  }
  return path_mtu_mode::want;
}

bool is_supported(const datagram_options& options, const datagram_kind& kind) noexcept {
  if (options.ipv6_only && (kind.version == ip_version::v4 || !kind.is_udp)) return false;
  return !options.coalesce || kind.is_udp;
}

}  // namespace

result<void> apply(const datagram_options& options, const datagram_kind& kind,
                   const native_stack& stack, port_options& to) {
  if (!is_supported(options, kind)) return failure(std::errc::operation_not_supported);
  if (options.hop_limit == 0) return failure(std::errc::invalid_argument);
  if (!options.device.empty()) {
    to.device = stack.find_interface(options.device);
    if (!to.device) return failure(std::errc::no_such_device);
  }
  if (options.multicast_interface) {
    const auto index = stack.core_index(*options.multicast_interface);
    if (!index) return failure(std::errc::no_such_device);
    to.group_interface = *index;
  }
  const auto set = [](auto& option, const auto& wanted) {
    if (wanted) option = *wanted;
  };
  set(to.reuse_address, options.reuse_address);
  set(to.reuse_port, options.reuse_port);
  set(to.broadcast, options.broadcast);
  set(to.time_to_live, options.hop_limit);
  set(to.traffic_class, options.traffic_class);
  set(to.errors, options.errors);
  set(to.group_time_to_live, options.multicast_hop_limit);
  set(to.group_loop, options.multicast_loop);
  set(to.traced, options.path_tracing);
  if (options.mtu_discovery) to.mtu = mode_of(*options.mtu_discovery);
  if (options.send_buffer) to.send_buffer = granted(*options.send_buffer, least_send_buffer);
  if (options.receive_buffer) {
    to.receive_buffer = granted(*options.receive_buffer, least_receive_buffer);
  }
  return {};
}

result<raw_settings> settings_of(ip_version version, ip_protocol protocol,
                                 const raw_options& options) {
  const bool is_v4 = version == ip_version::v4;
  const bool is_icmp = protocol == (is_v4 ? ip_protocol::icmp : ip_protocol::icmpv6);
  const bool is_possible = (!options.types || is_icmp) &&
                           (!options.header_included || (is_v4 && !options.unprivileged)) &&
                           (!options.checksum_offset || (!is_v4 && !options.unprivileged)) &&
                           (!options.unprivileged || is_icmp);
  if (!is_possible) return failure(std::errc::operation_not_supported);
  raw_settings settings;
  settings.version = version;
  settings.protocol = protocol;
  // Packets of IPPROTO_RAW bring their header (raw(7)).
  settings.header_included = options.header_included || (is_v4 && protocol == ip_protocol{255});
  settings.only_echo = options.unprivileged;
  if (options.types) {
    settings.types.emplace();
    for (std::size_t type = 0; type != 256; ++type) {
      (*settings.types)[type] = options.types->contains(static_cast<std::uint8_t>(type));
    }
  }
  if (options.checksum_offset) {
    // RFC 3542, section 3.1: even, and ICMPv6 has its own.
    if (*options.checksum_offset < 0 || *options.checksum_offset % 2 != 0) {
      return failure(std::errc::invalid_argument);
    }
    if (!is_icmp) settings.checksum_offset = static_cast<std::size_t>(*options.checksum_offset);
  }
  return settings;
}

}  // namespace pentad::native
