#include "pentad/stack/kernel/kernel_flows.hpp"

#include <fcntl.h>
#include <linux/netlink.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "pentad/stack/kernel/proc_net.hpp"
#include "pentad/stack/kernel/sock_diag.hpp"
#include "pentad/stack/kernel/socket_owners.hpp"

namespace pentad::kernel {
namespace {

struct table {
  ip_version version;
  inet_sockets which;
  const char* file;
  bool has_diag = true;
};

using enum ip_version;
constexpr inet_sockets tcp{flow_kind::stream, ip_protocol::tcp};
constexpr inet_sockets udp{flow_kind::datagram, ip_protocol::udp};
constexpr inet_sockets raw{flow_kind::raw, ip_protocol{0}};
constexpr inet_sockets ping{flow_kind::datagram, ip_protocol::icmp};
constexpr inet_sockets ping_v6{flow_kind::datagram, ip_protocol::icmpv6};

constexpr std::array<table, 8> tables{{
    {v4, tcp, "/proc/thread-self/net/tcp"},
    {v6, tcp, "/proc/thread-self/net/tcp6"},
    {v4, udp, "/proc/thread-self/net/udp"},
    {v6, udp, "/proc/thread-self/net/udp6"},
    {v4, raw, "/proc/thread-self/net/raw"},
    {v6, raw, "/proc/thread-self/net/raw6"},
    {v4, ping, "/proc/thread-self/net/icmp", false},
    {v6, ping_v6, "/proc/thread-self/net/icmp6", false},
}};

// Nothing if there is no such file: a kernel without IPv6 has none of its tables.
result<std::string> read_file(const char* path) {
  const descriptor_handle file(::open(path, O_RDONLY | O_CLOEXEC));
  if (!file && errno == ENOENT) return std::string();
  if (!file) return failure_from_errno(errno);
  std::string text;
  std::array<char, 16384> buffer;
  for (;;) {
    const ssize_t size = ::read(file.get(), buffer.data(), buffer.size());
    if (size < 0) return failure_from_errno(errno);
    if (size == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(size));
  }
}

result<std::vector<flow>> read_table(netlink_port& port, const table& wanted) {
  if (wanted.has_diag) {
    result<std::vector<flow>> dumped = dump_inet(port, wanted.version, wanted.which);
    if (dumped || dumped.error() != std::errc::no_such_file_or_directory) return dumped;
  }
  const result<std::string> text = read_file(wanted.file);
  if (!text) return failure(text.error());
  return parse_proc_net(*text, wanted.which);
}

// Unix sockets know their peers by inode: the name of one is the remote end of the other.
void name_peers(std::vector<flow>& flows) {
  std::unordered_map<std::uint64_t, const flow*> by_inode;
  for (const flow& each : flows) by_inode.emplace(*each.inode, &each);
  for (flow& each : flows) {
    if (!each.peer_inode) continue;
    if (const auto peer = by_inode.find(*each.peer_inode); peer != by_inode.end()) {
      each.remote = peer->second->local;
    }
  }
}

void name_owners(std::vector<flow>& flows) {
  const socket_owners owners = find_socket_owners();
  for (flow& each : flows) {
    if (!each.inode) continue;
    if (const auto found = owners.find(*each.inode); found != owners.end()) {
      each.processes = found->second;
    }
  }
}

}  // namespace

result<std::vector<flow>> read_flows() {
  result<netlink_socket> port = netlink_socket::open(NETLINK_SOCK_DIAG);
  if (!port) return failure(port.error());
  result<std::vector<flow>> flows = dump_unix(*port);
  if (!flows) return flows;
  name_peers(*flows);
  for (const table& each : tables) {
    result<std::vector<flow>> more = read_table(*port, each);
    if (!more) return more;
    std::ranges::move(*more, std::back_inserter(*flows));
  }
  name_owners(*flows);
  return flows;
}

}  // namespace pentad::kernel
