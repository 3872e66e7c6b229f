#include "pentad/nic/packet_nic.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "pentad/nic/virtio_header.hpp"
#include "pentad/runtime/descriptor_handle.hpp"

namespace pentad {
namespace {

// Without the last member: what PACKET_VNET_HDR stands for on every kernel that has it.
constexpr std::size_t header_size = 10;

// Of frames that the ring has no place for, and of those that wait to leave.
constexpr int buffer_bytes = 4 << 20;

// So many frames leave by one call.
constexpr std::size_t most_at_once = 64;

template <class Value>
result<void> set(int descriptor, int level, int option, const Value& value) {
  if (::setsockopt(descriptor, level, option, &value, sizeof value) == 0) return {};
  return failure_from_errno(errno);
}

// What the kernel tells of a frame that it took a VLAN's tag out of.
bool was_tagged(msghdr& message) noexcept {
  for (cmsghdr* each = CMSG_FIRSTHDR(&message); each != nullptr;
       each = CMSG_NXTHDR(&message, each)) {
    if (each->cmsg_level != SOL_PACKET || each->cmsg_type != PACKET_AUXDATA) continue;
    tpacket_auxdata told{};
    std::memcpy(&told, CMSG_DATA(each), sizeof told);
    return was_of_vlan(told.tp_status, told.tp_vlan_tci);
  }
  return false;
}

// As readv(2) from a file with these bytes.
std::ptrdiff_t scatter(std::span<const std::byte> bytes, std::span<const iovec> parts) noexcept {
  std::size_t copied = 0;
  for (const iovec& part : parts) {
    const std::size_t size = std::min(part.iov_len, bytes.size() - copied);
    std::memcpy(part.iov_base, bytes.data() + copied, size);
    copied += size;
  }
  return static_cast<std::ptrdiff_t>(copied);
}

}  // namespace

result<std::unique_ptr<packet_nic>> packet_nic::open(std::string_view name, packet_pool& pool,
                                                     descriptor_engine& engine,
                                                     packet_receiving wanted) {
  if (name.empty() || name.size() >= IFNAMSIZ) return failure(std::errc::no_such_device);
  // Of no protocol until it is bound: nothing comes of other interfaces.
  descriptor_handle socket(::socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return failure_from_errno(errno);
  std::unique_ptr<packet_nic> made(new packet_nic(socket.release(), pool, engine));
  if (const result<void> done = made->negotiate(); !done) return failure(done.error());
  if (const result<void> done = made->read_link(name); !done) return failure(done.error());
  if (wanted == packet_receiving::by_ring) {
    const result<void> shared = made->ring_.open(made->device(), made->mtu(), header_size);
    if (!shared) made->ring_error_ = shared.error();
  }
  if (const result<void> done = made->attach(name); !done) return failure(done.error());
  if (const result<void> done = made->watch(); !done) return failure(done.error());
  return made;
}

result<void> packet_nic::negotiate() {
  result<void> done = set(device(), SOL_PACKET, PACKET_VNET_HDR, 1);
  if (done) done = set(device(), SOL_PACKET, PACKET_AUXDATA, 1);
  if (done) done = set(device(), SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
  if (done) done = set(device(), SOL_SOCKET, SO_RCVBUF, buffer_bytes);
  if (done) done = set(device(), SOL_SOCKET, SO_SNDBUF, buffer_bytes);
  set_header_size(header_size);
  // Linux cuts and sums where the card does not.
  set_capabilities({.transmit_checksum = true,
                    .receive_checksum = true,
                    .segment_tcp_v4 = true,
                    .segment_tcp_v6 = true,
                    .coalesces = true,
                    .segment_limit = 65535});
  return done;
}

result<void> packet_nic::attach(std::string_view name) {
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  if (::ioctl(device(), SIOCGIFHWADDR, &request) != 0) return failure_from_errno(errno);
  if (request.ifr_hwaddr.sa_family != ARPHRD_ETHER) {
    return failure(std::errc::wrong_protocol_type);
  }
  if (::ioctl(device(), SIOCGIFINDEX, &request) != 0) return failure_from_errno(errno);
  const int index = request.ifr_ifindex;
  if (::ioctl(device(), SIOCGIFFLAGS, &request) != 0) return failure_from_errno(errno);
  if ((request.ifr_flags & IFF_UP) == 0) return failure(std::errc::network_down);
  // Cards give the groups only that they are told of; neighbours ask for this host in one.
  packet_mreq groups{};
  groups.mr_ifindex = index;
  groups.mr_type = PACKET_MR_ALLMULTI;
  const result<void> joined = set(device(), SOL_PACKET, PACKET_ADD_MEMBERSHIP, groups);
  if (!joined) return joined;
  sockaddr_ll link{};
  link.sll_family = AF_PACKET;
  link.sll_protocol = htons(ETH_P_ALL);
  link.sll_ifindex = index;
  if (::bind(device(), reinterpret_cast<const sockaddr*>(&link), sizeof link) != 0) {
    return failure_from_errno(errno);
  }
  return {};
}

std::ptrdiff_t packet_nic::read_parts(std::span<const iovec> parts) noexcept {
  if (!ring_.is_open()) return read_from_socket(parts);
  const std::optional<packet_receive_ring::slot> slot = ring_.front();
  if (!slot) {
    errno = EAGAIN;
    return -1;
  }
  std::ptrdiff_t count = 0;
  if (slot->is_in_socket) {
    count = read_from_socket(parts);
  } else if (slot->is_cut) {
    ++lost_;
  } else if (!slot->was_tagged) {
    count = scatter(slot->bytes, parts);
  }
  if (count < 0 && errno == EINTR) return count;
  ring_.pop();
  return std::max<std::ptrdiff_t>(count, 0);
}

std::ptrdiff_t packet_nic::read_from_socket(std::span<const iovec> parts) noexcept {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(tpacket_auxdata))> control;
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(parts.data());
  message.msg_iovlen = parts.size();
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t count = ::recvmsg(device(), &message, 0);
  return count > 0 && was_tagged(message) ? 0 : count;
}

std::size_t packet_nic::write_frames(std::span<const outgoing_frame> outgoing) noexcept {
  std::array<std::array<iovec, 2>, most_at_once> parts;
  std::array<mmsghdr, most_at_once> messages;
  const std::size_t count = std::min(outgoing.size(), messages.size());
  for (std::size_t i = 0; i != count; ++i) {
    parts[i] = parts_of(outgoing[i]);
    messages[i] = {};
    messages[i].msg_hdr.msg_iov = parts[i].data();
    messages[i].msg_hdr.msg_iovlen = parts[i].size();
  }
  const int sent = ::sendmmsg(device(), messages.data(), static_cast<unsigned>(count), 0);
  return sent > 0 ? static_cast<std::size_t>(sent) : 0;
}

std::uint64_t packet_nic::lost() const noexcept {
  tpacket_stats since{};
  socklen_t size = sizeof since;
  // Linux begins to count anew with each call.
  if (::getsockopt(device(), SOL_PACKET, PACKET_STATISTICS, &since, &size) == 0) {
    lost_ += since.tp_drops;
  }
  return lost_;
}

nic_counters packet_nic::counters() const noexcept {
  nic_counters all = virtio_device::counters();
  all.receive_drops += lost();
  return all;
}

std::string explain_packet_nic_error(std::error_code error, std::string_view name) {
  const std::string interface(name);
  if (error == std::errc::operation_not_permitted || error == std::errc::permission_denied) {
    return "taking part in the link of " + interface +
           " needs CAP_NET_RAW; run as root, or have root allow the program: setcap "
           "cap_net_raw+ep PROGRAM";
  }
  if (error == std::errc::no_such_device) {
    return "no network interface " + interface + "; `ip link` lists those there are";
  }
  if (error == std::errc::network_down) {
    return "the network interface " + interface + " is down; have root type: ip link set " +
           interface + " up";
  }
  if (error == std::errc::wrong_protocol_type) {
    return "the network interface " + interface + " is no Ethernet";
  }
  return "the network interface " + interface + ": " + error.message();
}

bool is_address_of_linux(const ip_address& address) {
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return false;
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(all, ::freeifaddrs);
  const auto is_it = [&](const sockaddr* known) {
    if (known == nullptr) return false;
    const std::span<const std::byte> wanted = address.bytes();
    if (known->sa_family == AF_INET && address.is_v4()) {
      const auto& v4 = reinterpret_cast<const sockaddr_in&>(*known);
      return std::memcmp(&v4.sin_addr, wanted.data(), wanted.size()) == 0;
    }
    if (known->sa_family == AF_INET6 && address.is_v6()) {
      const auto& v6 = reinterpret_cast<const sockaddr_in6&>(*known);
      return std::memcmp(&v6.sin6_addr, wanted.data(), wanted.size()) == 0;
    }
    return false;
  };
  for (const ifaddrs* each = all; each != nullptr; each = each->ifa_next) {
    if (is_it(each->ifa_addr)) return true;
  }
  return false;
}

}  // namespace pentad
