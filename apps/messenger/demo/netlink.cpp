#include "apps/messenger/demo/netlink.hpp"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

namespace pentad::messenger::demo {

/// A message to the kernel: a header, a fixed part and attributes, each aligned to four bytes and
/// possibly with attributes inside.
class netlink::request {
 public:
  request(std::uint16_t type, std::uint16_t flags) {
    nlmsghdr header{};
    header.nlmsg_type = type;
    header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | NLM_F_ACK | flags);
    put(header);
  }

  template <class Value>
  void put(const Value& value) {
    put(std::as_bytes(std::span(&value, 1)));
  }

  /// An attribute without anything inside; the rest is put, then `end` closes it.
  [[nodiscard]] std::size_t begin(int type) {
    const std::size_t start = size_;
    put(rtattr{0, static_cast<unsigned short>(type)});
    return start;
  }

  void end(std::size_t start) {
    const auto length = static_cast<unsigned short>(size_ - start);
    std::memcpy(bytes_.data() + start + offsetof(rtattr, rta_len), &length, sizeof length);
    size_ = NLMSG_ALIGN(size_);
  }

  void put(int type, std::span<const std::byte> value) {
    const std::size_t start = begin(type);
    put(value);
    end(start);
  }

  void put(int type, const std::string& text) {
    put(type, std::as_bytes(std::span(text.c_str(), text.size() + 1)));
  }

  std::span<const std::byte> finish() {
    const auto length = static_cast<std::uint32_t>(size_);
    std::memcpy(bytes_.data() + offsetof(nlmsghdr, nlmsg_len), &length, sizeof length);
    return std::span(bytes_).first(size_);
  }

 private:
  void put(std::span<const std::byte> value) {
    std::memcpy(bytes_.data() + size_, value.data(), value.size());
    size_ += value.size();
  }

  alignas(NLMSG_ALIGNTO) std::array<std::byte, 512> bytes_{};
  std::size_t size_ = 0;
};

namespace {

result<unsigned> index_of(const std::string& interface) {
  const unsigned index = ::if_nametoindex(interface.c_str());
  if (index == 0) return failure_from_errno(errno);
  return index;
}

}  // namespace

result<netlink> netlink::open() {
  const int descriptor = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (descriptor < 0) return failure_from_errno(errno);
  return netlink(descriptor);
}

netlink::netlink(netlink&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

netlink::~netlink() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

result<void> netlink::add_cable(const std::string& name, pid_t peer) {
  request what(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
  what.put(ifinfomsg{});
  what.put(IFLA_IFNAME, name);
  const std::size_t link = what.begin(IFLA_LINKINFO);
  what.put(IFLA_INFO_KIND, "veth");
  const std::size_t data = what.begin(IFLA_INFO_DATA);
  const std::size_t other_end = what.begin(VETH_INFO_PEER);
  what.put(ifinfomsg{});
  what.put(IFLA_IFNAME, name);
  what.put(IFLA_NET_NS_PID, std::as_bytes(std::span(&peer, 1)));
  what.end(other_end);
  what.end(data);
  what.end(link);
  return ask(what);
}

result<void> netlink::add_address(const std::string& interface, const ip_address& address,
                                  std::uint8_t prefix) {
  const result<unsigned> index = index_of(interface);
  if (!index) return failure(index.error());
  request what(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
  ifaddrmsg added{};
  added.ifa_family = address.is_v4() ? AF_INET : AF_INET6;
  added.ifa_prefixlen = prefix;
  added.ifa_index = *index;
  what.put(added);
  what.put(IFA_LOCAL, address.bytes());
  what.put(IFA_ADDRESS, address.bytes());
  return ask(what);
}

result<void> netlink::set_up(const std::string& interface) {
  const result<unsigned> index = index_of(interface);
  if (!index) return failure(index.error());
  request what(RTM_NEWLINK, 0);
  ifinfomsg changed{};
  changed.ifi_index = static_cast<int>(*index);
  changed.ifi_flags = IFF_UP;
  changed.ifi_change = IFF_UP;
  what.put(changed);
  return ask(what);
}

/// Sends a request and waits for the kernel's acknowledgement, which holds an errno.
result<void> netlink::ask(request& what) {
  const std::span<const std::byte> bytes = what.finish();
  if (::send(descriptor_, bytes.data(), bytes.size(), 0) < 0) return failure_from_errno(errno);
  struct {
    nlmsghdr header;
    nlmsgerr outcome;
    std::array<std::byte, 1024> echo;  // of the request
  } answer{};
  const ssize_t size = ::recv(descriptor_, &answer, sizeof answer, 0);
  if (size < 0) return failure_from_errno(errno);
  const auto least = static_cast<ssize_t>(sizeof answer.header + sizeof answer.outcome.error);
  if (size < least || answer.header.nlmsg_type != NLMSG_ERROR) {
    return failure(std::errc::bad_message);
  }
  if (answer.outcome.error != 0) return failure_from_errno(-answer.outcome.error);
  return {};
}

}  // namespace pentad::messenger::demo
