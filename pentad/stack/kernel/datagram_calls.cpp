#include "pentad/stack/kernel/datagram_calls.hpp"

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <netinet/udp.h>

#include <cerrno>
#include <cstring>

#include "pentad/base/error.hpp"
#include "pentad/stack/kernel/set_option.hpp"

namespace pentad::kernel {
namespace {

// What a program is told with each datagram.
result<void> ask_for_details(int descriptor, address_family family) {
  if (family == address_family::local) return {};
  result<void> set;
  const auto ask = [&](int level, int name) {
    if (set) set = set_option(descriptor, level, name, 1);
  };
  if (family == address_family::v6) {
    ask(IPPROTO_IPV6, IPV6_RECVPKTINFO);
    ask(IPPROTO_IPV6, IPV6_RECVHOPLIMIT);
    ask(IPPROTO_IPV6, IPV6_RECVTCLASS);
  }
  return set;
}

result<void> ask_for_v4_details(int descriptor) {
  result<void> set = set_option(descriptor, IPPROTO_IP, IP_PKTINFO, 1);
  if (set) set = set_option(descriptor, IPPROTO_IP, IP_RECVTTL, 1);
  if (set) set = set_option(descriptor, IPPROTO_IP, IP_RECVTOS, 1);
  return set;
}

bool only_for_ip(const datagram_options& options) noexcept {
  return options.reuse_address || options.reuse_port || options.ipv6_only || options.broadcast ||
         options.hop_limit || options.traffic_class || options.mtu_discovery || options.errors ||
         options.multicast_hop_limit || options.multicast_loop || options.multicast_interface ||
         options.coalesce || options.path_tracing || !options.device.empty();
}

int mode_of(path_mtu_discovery wanted) noexcept {
  switch (wanted) {
    case path_mtu_discovery::off:
      return IP_PMTUDISC_DONT;
    case path_mtu_discovery::want:
      return IP_PMTUDISC_WANT;
    case path_mtu_discovery::always:
      return IP_PMTUDISC_DO;
    case path_mtu_discovery::probe:
      return IP_PMTUDISC_PROBE;
  }
  return IP_PMTUDISC_WANT;
}

result<void> trace_path(int descriptor, bool on) {
  constexpr int stamps = SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE |
                         SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_TX_SCHED |
                         SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY;
  return set_option(descriptor, SOL_SOCKET, SO_TIMESTAMPING, on ? stamps : 0);
}

// Multicast of IPv4 takes a structure where IPv6 takes a number.
result<void> set_multicast_interface(int descriptor, address_family family, std::uint32_t index) {
  if (family == address_family::v6) {
    return set_option(descriptor, IPPROTO_IPV6, IPV6_MULTICAST_IF, static_cast<int>(index));
  }
  ip_mreqn through{};
  through.imr_ifindex = static_cast<int>(index);
  return set_option(descriptor, IPPROTO_IP, IP_MULTICAST_IF, through);
}

result<void> filter_types(int descriptor, ip_version version, const icmp_types& types) {
  if (version == ip_version::v4) {
    icmp_filter blocked{};
    for (unsigned type = 0; type < 32; ++type) {
      if (!types.contains(static_cast<std::uint8_t>(type))) blocked.data |= 1U << type;
    }
    return set_option(descriptor, SOL_RAW, ICMP_FILTER, blocked);
  }
  icmp6_filter blocked{};
  for (unsigned type = 0; type < 256; ++type) {
    if (!types.contains(static_cast<std::uint8_t>(type)))
      blocked.data[type / 32] |= 1U << type % 32;
  }
  return set_option(descriptor, IPPROTO_ICMPV6, ICMPV6_FILTER, blocked);
}

result<void> set_raw_options(int descriptor, ip_version version, ip_protocol protocol,
                             const raw_options& options) {
  const bool is_icmp =
      protocol == (version == ip_version::v4 ? ip_protocol::icmp : ip_protocol::icmpv6);
  if (options.types && !is_icmp) return failure(std::errc::operation_not_supported);
  if (options.header_included && (version == ip_version::v6 || options.unprivileged)) {
    return failure(std::errc::operation_not_supported);
  }
  if (options.checksum_offset && (version == ip_version::v4 || options.unprivileged)) {
    return failure(std::errc::operation_not_supported);
  }
  result<void> set;
  if (options.header_included) set = set_option(descriptor, IPPROTO_IP, IP_HDRINCL, 1);
  if (set && options.checksum_offset) {
    set = set_option(descriptor, IPPROTO_IPV6, IPV6_CHECKSUM, *options.checksum_offset);
  }
  // An unprivileged socket has no filter in the system: it is done without.
  if (set && options.types && !options.unprivileged) {
    set = filter_types(descriptor, version, *options.types);
  }
  return set;
}

int domain_of(address_family family) noexcept {
  switch (family) {
    case address_family::v4:
      return AF_INET;
    case address_family::v6:
      return AF_INET6;
    case address_family::local:
      break;
  }
  return AF_UNIX;
}

result<void> set_up(int descriptor, const message_kind& kind, const datagram_options& options) {
  result<void> set = ask_for_details(descriptor, kind.family);
  const bool may_carry_v4 =
      kind.family == address_family::v4 || (kind.family == address_family::v6 && kind.is_udp);
  if (set && may_carry_v4) set = ask_for_v4_details(descriptor);
  if (set) set = set_options(descriptor, kind, options);
  return set;
}

}  // namespace

result<opened_datagram> open_datagram(address_family family, const datagram_options& options,
                                      int flags) {
  opened_datagram opened;
  opened.kind = {.family = family, .is_udp = family != address_family::local};
  opened.descriptor =
      descriptor_handle(::socket(domain_of(family), SOCK_DGRAM | SOCK_CLOEXEC | flags, 0));
  if (!opened.descriptor) return failure_from_errno(errno);
  opened.options = options;
  // Said explicitly, for the system's own default can be changed (net.ipv6.bindv6only).
  if (family == address_family::v6 && !options.ipv6_only) opened.options.ipv6_only = false;
  const result<void> set = set_up(opened.descriptor.get(), opened.kind, opened.options);
  if (!set) return failure(set.error());
  opened.options.device = {};
  return opened;
}

result<opened_datagram> open_raw(ip_version version, ip_protocol protocol,
                                 const raw_options& options, int flags) {
  const address_family family = family_of(version);
  const int type = options.unprivileged ? SOCK_DGRAM : SOCK_RAW;
  opened_datagram opened;
  opened.kind = {.family = family,
                 .begins_with_ip_header = version == ip_version::v4 && !options.unprivileged,
                 .shows_ip_header = options.header_included};
  opened.descriptor = descriptor_handle(
      ::socket(domain_of(family), type | SOCK_CLOEXEC | flags, static_cast<int>(protocol)));
  if (!opened.descriptor) {
    if (errno != EPERM && errno != EACCES) return failure_from_errno(errno);
    return failure(options.unprivileged ? errc::needs_ping_group : errc::needs_net_raw);
  }
  opened.options = options.common;
  result<void> set = set_raw_options(opened.descriptor.get(), version, protocol, options);
  if (set) set = set_up(opened.descriptor.get(), opened.kind, opened.options);
  if (!set) return failure(set.error());
  opened.options.device = {};
  opened.types = options.types.value_or(icmp_types());
  opened.has_types = options.types.has_value();
  return opened;
}

result<void> set_options(int descriptor, const message_kind& kind,
                         const datagram_options& options) {
  const bool is_v6 = kind.family == address_family::v6;
  const bool is_local = kind.family == address_family::local;
  if (is_local && only_for_ip(options)) return failure(std::errc::operation_not_supported);
  if (!is_v6 && options.ipv6_only) return failure(std::errc::operation_not_supported);
  if (!kind.is_udp && options.coalesce) return failure(std::errc::operation_not_supported);
  result<void> set;
  const auto apply = [&](const auto& option, int level, int name) {
    if (set && option) set = set_option(descriptor, level, name, static_cast<int>(*option));
  };
  // A dual-stack socket sends to IPv4 with the options of IPv4.
  const auto apply_both = [&](const auto& option, int v4_name, int v6_name) {
    if (is_v6) apply(option, IPPROTO_IPV6, v6_name);
    if (!is_v6 || kind.is_udp) apply(option, IPPROTO_IP, v4_name);
  };
  apply(options.send_buffer, SOL_SOCKET, SO_SNDBUF);
  apply(options.receive_buffer, SOL_SOCKET, SO_RCVBUF);
  if (is_local) return set;
  apply(options.reuse_address, SOL_SOCKET, SO_REUSEADDR);
  apply(options.reuse_port, SOL_SOCKET, SO_REUSEPORT);
  apply(options.ipv6_only, IPPROTO_IPV6, IPV6_V6ONLY);
  apply(options.broadcast, SOL_SOCKET, SO_BROADCAST);
  apply_both(options.hop_limit, IP_TTL, IPV6_UNICAST_HOPS);
  apply_both(options.traffic_class, IP_TOS, IPV6_TCLASS);
  apply_both(options.errors, IP_RECVERR, IPV6_RECVERR);
  apply_both(options.multicast_hop_limit, IP_MULTICAST_TTL, IPV6_MULTICAST_HOPS);
  apply_both(options.multicast_loop, IP_MULTICAST_LOOP, IPV6_MULTICAST_LOOP);
  if (options.mtu_discovery) {
    apply_both(std::optional(mode_of(*options.mtu_discovery)), IP_MTU_DISCOVER, IPV6_MTU_DISCOVER);
  }
  apply(options.coalesce, SOL_UDP, UDP_GRO);
  if (set && options.multicast_interface) {
    set = set_multicast_interface(descriptor, kind.family, *options.multicast_interface);
  }
  if (set && options.path_tracing) set = trace_path(descriptor, *options.path_tracing);
  if (set && !options.device.empty()) set = bind_to_device(descriptor, options.device);
  return set;
}

result<void> change_membership(int descriptor, const multicast_group& group, bool join) {
  const int level = group.address.is_v4() ? IPPROTO_IP : IPPROTO_IPV6;
  const native_address address(endpoint(group.address, 0));
  if (group.source) {
    group_source_req request{};
    request.gsr_interface = group.interface;
    std::memcpy(&request.gsr_group, address.get(), address.size());
    const native_address source(endpoint(*group.source, 0));
    std::memcpy(&request.gsr_source, source.get(), source.size());
    return set_option(descriptor, level, join ? MCAST_JOIN_SOURCE_GROUP : MCAST_LEAVE_SOURCE_GROUP,
                      request);
  }
  group_req request{};
  request.gr_interface = group.interface;
  std::memcpy(&request.gr_group, address.get(), address.size());
  return set_option(descriptor, level, join ? MCAST_JOIN_GROUP : MCAST_LEAVE_GROUP, request);
}

result<std::uint32_t> path_mtu(int descriptor, address_family family) {
  if (family == address_family::local) return failure(std::errc::operation_not_supported);
  const bool is_v4 = family == address_family::v4;
  int mtu = 0;
  socklen_t size = sizeof mtu;
  if (::getsockopt(descriptor, is_v4 ? IPPROTO_IP : IPPROTO_IPV6, is_v4 ? IP_MTU : IPV6_MTU, &mtu,
                   &size) != 0) {
    return failure_from_errno(errno);
  }
  return static_cast<std::uint32_t>(mtu);
}

}  // namespace pentad::kernel
