#include "pentad/stack/kernel/message_frame.hpp"

#include <netinet/in.h>
#include <netinet/udp.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "pentad/stack/kernel/control_message.hpp"

namespace pentad::kernel {
namespace {

ip_address address_of(const in_addr& address) noexcept {
  std::array<std::byte, 4> bytes;
  std::memcpy(bytes.data(), &address, bytes.size());
  return ip_address::v4(bytes);
}

ip_address address_of(const in6_addr& address, std::uint32_t scope) noexcept {
  std::array<std::byte, 16> bytes;
  std::memcpy(bytes.data(), &address, bytes.size());
  const ip_address unscoped = ip_address::v6(bytes);
  const bool needs_scope = unscoped.is_link_local() || unscoped.is_multicast();
  return needs_scope ? ip_address::v6(bytes, scope) : unscoped.unmapped();
}

void take_control(received_datagram& into, const cmsghdr& control) noexcept {
  if (control.cmsg_level == IPPROTO_IP && control.cmsg_type == IP_PKTINFO) {
    const auto info = control_value<in_pktinfo>(control);
    into.destination = address_of(info.ipi_addr);
    into.interface = static_cast<std::uint32_t>(info.ipi_ifindex);
  } else if (control.cmsg_level == IPPROTO_IPV6 && control.cmsg_type == IPV6_PKTINFO) {
    const auto info = control_value<in6_pktinfo>(control);
    into.destination = address_of(info.ipi6_addr, info.ipi6_ifindex);
    into.interface = info.ipi6_ifindex;
  } else if ((control.cmsg_level == IPPROTO_IP && control.cmsg_type == IP_TTL) ||
             (control.cmsg_level == IPPROTO_IPV6 && control.cmsg_type == IPV6_HOPLIMIT)) {
    into.hop_limit = static_cast<std::uint8_t>(control_value<int>(control));
  } else if (control.cmsg_level == IPPROTO_IP && control.cmsg_type == IP_TOS) {
    into.traffic_class = control_value<std::uint8_t>(control);
  } else if (control.cmsg_level == IPPROTO_IPV6 && control.cmsg_type == IPV6_TCLASS) {
    into.traffic_class = static_cast<std::uint8_t>(control_value<int>(control));
  } else if (control.cmsg_level == SOL_UDP && control.cmsg_type == UDP_GRO) {
    into.segment_size = static_cast<std::size_t>(control_value<int>(control));
  } else if (control.cmsg_level == SOL_SOCKET && control.cmsg_type == SCM_TIMESTAMPING) {
    into.times.arrived = software_stamp(control);
  }
}

}  // namespace

std::size_t ip_header_size(std::span<const std::byte> packet) noexcept {
  if (packet.empty()) return 0;
  return std::min(std::to_integer<std::size_t>(packet[0] & std::byte{0x0f}) * 4, packet.size());
}

void message_frame::prepare_receive(std::span<std::byte> buffer) noexcept {
  vector_ = {buffer.data(), buffer.size()};
  header_ = {};
  header_.msg_name = name_.get();
  header_.msg_namelen = sizeof(sockaddr_storage);
  header_.msg_iov = &vector_;
  header_.msg_iovlen = 1;
  header_.msg_control = control_.data();
  header_.msg_controllen = control_.size();
}

received_datagram message_frame::take_received(const message_kind& kind,
                                               std::size_t size) noexcept {
  received_datagram received;
  received.bytes = {static_cast<const std::byte*>(vector_.iov_base),
                    std::min(size, vector_.iov_len)};
  received.size = size;
  if (kind.begins_with_ip_header && !kind.shows_ip_header) {
    const std::size_t skipped = ip_header_size(received.bytes);
    received.bytes = received.bytes.subspan(skipped);
    received.size -= skipped;
  }
  if (const std::optional<socket_address> from = name()) received.source = *from;
  if (kind.family == address_family::local && header_.msg_namelen == 0) {
    received.source = unix_endpoint();
  }
  for_each_control(header_, [&](const cmsghdr& each) { take_control(received, each); });
  // One datagram that is not longer than the size of its own kind is a datagram.
  if (received.segment_size >= received.size) received.segment_size = 0;
  return received;
}

ssize_t message_frame::send(int descriptor) const noexcept {
  constexpr int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
  if (header_.msg_controllen != 0) return ::sendmsg(descriptor, &header_, flags);
  return ::sendto(descriptor, vector_.iov_base, vector_.iov_len, flags,
                  static_cast<const sockaddr*>(header_.msg_name), header_.msg_namelen);
}

std::optional<socket_address> message_frame::name() noexcept {
  if (header_.msg_namelen == 0) return {};
  *name_.size_to_fill() = header_.msg_namelen;
  const result<socket_address> address = name_.value();
  if (!address) return {};
  return *address;
}

template <class Value>
void message_frame::add_control(int level, int type, const Value& value) noexcept {
  auto& control = *reinterpret_cast<cmsghdr*>(control_.data() + header_.msg_controllen);
  header_.msg_controllen += CMSG_SPACE(sizeof value);
  control.cmsg_level = level;
  control.cmsg_type = type;
  control.cmsg_len = CMSG_LEN(sizeof value);
  std::memcpy(CMSG_DATA(&control), &value, sizeof value);
}

int message_frame::add_source(const outgoing_datagram& outgoing, bool is_v4) noexcept {
  if (outgoing.from && outgoing.from->is_v4() != is_v4) return EINVAL;
  if (is_v4) {
    in_pktinfo info{};
    info.ipi_ifindex = static_cast<int>(outgoing.interface);
    if (outgoing.from) std::memcpy(&info.ipi_spec_dst, outgoing.from->bytes().data(), 4);
    add_control(IPPROTO_IP, IP_PKTINFO, info);
  } else {
    in6_pktinfo info{};
    info.ipi6_ifindex = outgoing.interface;
    if (outgoing.from) std::memcpy(&info.ipi6_addr, outgoing.from->bytes().data(), 16);
    add_control(IPPROTO_IPV6, IPV6_PKTINFO, info);
  }
  return 0;
}

int message_frame::prepare_send(const message_kind& kind,
                                const outgoing_datagram& outgoing) noexcept {
  vector_ = {const_cast<std::byte*>(outgoing.bytes.data()), outgoing.bytes.size()};
  header_ = {};
  header_.msg_iov = &vector_;
  header_.msg_iovlen = 1;
  if (outgoing.to) {
    name_ = native_address(*outgoing.to);
    header_.msg_name = name_.get();
    header_.msg_namelen = name_.size();
  }
  const bool has_details = outgoing.from || outgoing.interface != 0 || outgoing.hop_limit ||
                           outgoing.traffic_class || outgoing.segment_size != 0;
  if (!has_details) return 0;
  if (kind.family == address_family::local) return EOPNOTSUPP;
  header_.msg_control = control_.data();
  control_.fill(std::byte{});
  // A socket of IPv6 sends to IPv4 as a socket of IPv4 would.
  const bool is_v4 = kind.family == address_family::v4 ||
                     (outgoing.to && outgoing.to->is_ip() && outgoing.to->ip().address.is_v4());
  if (outgoing.from || outgoing.interface != 0) {
    if (const int error = add_source(outgoing, is_v4); error != 0) return error;
  }
  if (outgoing.hop_limit) {
    add_control(is_v4 ? IPPROTO_IP : IPPROTO_IPV6, is_v4 ? IP_TTL : IPV6_HOPLIMIT,
                int{*outgoing.hop_limit});
  }
  if (outgoing.traffic_class) {
    add_control(is_v4 ? IPPROTO_IP : IPPROTO_IPV6, is_v4 ? IP_TOS : IPV6_TCLASS,
                int{*outgoing.traffic_class});
  }
  if (outgoing.segment_size != 0) {
    if (!kind.is_udp) return EOPNOTSUPP;
    if (outgoing.segment_size > UINT16_MAX) return EINVAL;
    add_control(SOL_UDP, UDP_SEGMENT, static_cast<std::uint16_t>(outgoing.segment_size));
  }
  return 0;
}

}  // namespace pentad::kernel
