#include "pentad/stack/kernel/diag_messages.hpp"

#include <linux/inet_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "pentad/stack/kernel/netlink.hpp"
#include "pentad/stack/kernel/tcp_values.hpp"

namespace pentad::kernel {
namespace {

std::unexpected<std::error_code> malformed() noexcept { return failure(std::errc::bad_message); }

ip_address address_of(const __be32 (&words)[4], bool is_v4, std::uint32_t interface) noexcept {
  std::array<std::byte, 16> bytes;
  std::memcpy(bytes.data(), words, bytes.size());
  if (is_v4) return ip_address::v4({bytes[0], bytes[1], bytes[2], bytes[3]});
  const ip_address plain = ip_address::v6(bytes);
  return plain.is_link_local() ? ip_address::v6(bytes, interface) : plain.unmapped();
}

// Without a peer the address is the unspecified one, :: even beside a local one of IPv4.
std::optional<socket_address> peer_of(const ip_address& address, std::uint16_t port) noexcept {
  if (address.is_unspecified() && port == 0) return {};
  return endpoint(address, port);
}

// Listeners have their queue of connections where others have their bytes.
void add_queues(flow& to, std::uint32_t receive, std::uint32_t send) noexcept {
  if (to.state == flow_state::listen) {
    to.waiting = receive;
    to.backlog = send;
  } else {
    to.info.receive_queue = receive;
    to.info.send_queue = send;
  }
}

void add_tcp_attribute(flow& to, std::span<const std::byte> attribute) noexcept {
  tcp_info info{};
  const std::size_t size = std::min(sizeof info, attribute.size());
  std::memcpy(&info, attribute.data(), size);
  add_tcp_info(to.info, info, size);
}

result<> add_inet_attributes(flow& to, std::span<const std::byte> attributes) noexcept {
  while (!attributes.empty()) {
    const result<netlink_attribute> each = take_attribute(attributes);
    if (!each) return failure(each.error());
    const bool tells_how_it_is = to.kind == flow_kind::stream && to.state != flow_state::listen;
    if (each->type == INET_DIAG_INFO && tells_how_it_is && !each->payload.empty()) {
      add_tcp_attribute(to, each->payload);
    }
  }
  return {};
}

result<flow_kind> kind_of_type(unsigned type) noexcept {
  switch (type) {
    case SOCK_STREAM:
      return flow_kind::stream;
    case SOCK_DGRAM:
      return flow_kind::datagram;
    case SOCK_SEQPACKET:
      return flow_kind::sequenced;
    case SOCK_RAW:
      return flow_kind::raw;
    default:
      return malformed();
  }
}

// A path ends with a zero byte, an abstract name begins with one. What has no text as an endpoint
// has none here: Linux lets a path be a byte longer than others can write.
unix_endpoint name_from(std::span<const std::byte> bytes) {
  std::string name(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (name.starts_with('\0')) {
    name[0] = '@';
  } else {
    name.resize(std::min(name.size(), name.find('\0')));
    if (name.starts_with('@')) name.insert(0, "./");
  }
  return unix_endpoint::parse(name).value_or(unix_endpoint());
}

result<> add_unix_attribute(flow& to, const netlink_attribute& attribute) {
  switch (attribute.type) {
    case UNIX_DIAG_NAME:
      to.local = name_from(attribute.payload);
      break;
    case UNIX_DIAG_PEER: {
      const auto inode = read_structure<std::uint32_t>(attribute.payload);
      if (!inode) return malformed();
      if (*inode != 0) to.peer_inode = *inode;
      break;
    }
    case UNIX_DIAG_RQLEN: {
      const auto queues = read_structure<unix_diag_rqlen>(attribute.payload);
      if (!queues) return malformed();
      add_queues(to, queues->udiag_rqueue, queues->udiag_wqueue);
      break;
    }
    default:
      break;
  }
  return {};
}

}  // namespace

result<flow_state> parse_linux_state(unsigned number, bool is_tcp) noexcept {
  using enum flow_state;
  // TCP_ESTABLISHED to TCP_NEW_SYN_RECV of the kernel's <net/tcp_states.h>; 0 is none.
  constexpr std::array states{established, syn_sent,  syn_received, fin_wait_1,
                              fin_wait_2,  time_wait, closed,       close_wait,
                              last_ack,    listen,    closing,      syn_received};
  if (number == 0 || number > states.size()) return malformed();
  const flow_state state = states[number - 1];
  return state == closed && !is_tcp ? unconnected : state;
}

result<flow> parse_inet_diag(std::span<const std::byte> message, inet_sockets which) {
  const auto head = read_structure<inet_diag_msg>(message);
  if (!head || (head->idiag_family != AF_INET && head->idiag_family != AF_INET6))
    return malformed();
  const bool is_raw = which.kind == flow_kind::raw;
  const result<flow_state> state =
      parse_linux_state(head->idiag_state, which.kind == flow_kind::stream);
  if (!state) return failure(state.error());
  const bool is_v4 = head->idiag_family == AF_INET;
  const std::uint32_t interface = head->id.idiag_if;
  const std::uint16_t local_port = ntohs(head->id.idiag_sport);
  flow made;
  made.kind = which.kind;
  made.protocol = is_raw ? ip_protocol{static_cast<std::uint8_t>(local_port)} : which.protocol;
  made.state = *state;
  const std::uint16_t own = is_raw ? std::uint16_t{0} : local_port;
  made.local = endpoint(address_of(head->id.idiag_src, is_v4, interface), own);
  made.remote = peer_of(address_of(head->id.idiag_dst, is_v4, interface),
                        is_raw ? std::uint16_t{0} : ntohs(head->id.idiag_dport));
  if (interface != 0) made.interface = interface;
  if (head->idiag_inode != 0) made.inode = head->idiag_inode;
  add_queues(made, head->idiag_rqueue, head->idiag_wqueue);
  const result<> added = add_inet_attributes(made, message.subspan(NLMSG_ALIGN(sizeof *head)));
  if (!added) return failure(added.error());
  return made;
}

result<flow> parse_unix_diag(std::span<const std::byte> message) {
  const auto head = read_structure<unix_diag_msg>(message);
  if (!head || head->udiag_family != AF_UNIX) return malformed();
  const result<flow_kind> kind = kind_of_type(head->udiag_type);
  const result<flow_state> state = parse_linux_state(head->udiag_state, false);
  if (!kind || !state) return malformed();
  flow made;
  made.kind = *kind;
  made.local = unix_endpoint();
  made.state = *state;
  made.inode = head->udiag_ino;
  std::span<const std::byte> rest = message.subspan(NLMSG_ALIGN(sizeof *head));
  while (!rest.empty()) {
    const result<netlink_attribute> each = take_attribute(rest);
    if (!each) return failure(each.error());
    if (const result<> added = add_unix_attribute(made, *each); !added) {
      return failure(added.error());
    }
  }
  return made;
}

}  // namespace pentad::kernel
