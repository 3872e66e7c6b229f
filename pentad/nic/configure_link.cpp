#include "pentad/nic/configure_link.hpp"

#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "pentad/runtime/descriptor_handle.hpp"

namespace pentad {
namespace {

// One request of rtnetlink(7) with a few attributes, and its answer. Everything is aligned to 4.
class netlink_request {
 public:
  template <class Body>
  netlink_request(std::uint16_t type, std::uint16_t flags, const Body& body) noexcept {
    nlmsghdr header{};
    header.nlmsg_type = type;
    header.nlmsg_flags = static_cast<std::uint16_t>(flags | NLM_F_REQUEST | NLM_F_ACK);
    put(&header, sizeof header);
    put(&body, sizeof body);
  }

  void add(std::uint16_t type, std::span<const std::byte> value) noexcept {
    rtattr attribute{};
    attribute.rta_type = type;
    attribute.rta_len = static_cast<std::uint16_t>(sizeof attribute + value.size());
    put(&attribute, sizeof attribute);
    put(value.data(), value.size());
  }

  result<void> carry_out(int socket) noexcept {
    const auto size = static_cast<std::uint32_t>(size_);
    std::memcpy(bytes_.data() + offsetof(nlmsghdr, nlmsg_len), &size, sizeof size);
    if (::send(socket, bytes_.data(), size_, 0) < 0) return failure_from_errno(errno);
    struct {
      nlmsghdr header;
      nlmsgerr error;
      std::array<std::byte, 512> request;  // which an error repeats
    } answer;
    ssize_t count = 0;
    do {
      count = ::recv(socket, &answer, sizeof answer, 0);
    } while (count < 0 && errno == EINTR);
    if (count < 0) return failure_from_errno(errno);
    if (count < static_cast<ssize_t>(sizeof(nlmsghdr) + sizeof(int)) ||
        answer.header.nlmsg_type != NLMSG_ERROR) {
      return failure(std::errc::bad_message);
    }
    if (answer.error.error != 0) return failure_from_errno(-answer.error.error);
    return {};
  }

 private:
  void put(const void* value, std::size_t size) noexcept {
    std::memcpy(bytes_.data() + size_, value, size);
    size_ += NLMSG_ALIGN(size);
  }

  std::array<std::byte, 128> bytes_{};
  std::size_t size_ = 0;
};

result<void> set_up(int socket, int index, std::optional<unsigned> mtu) noexcept {
  ifinfomsg link{};
  link.ifi_index = index;
  link.ifi_flags = IFF_UP;
  link.ifi_change = IFF_UP;
  netlink_request request(RTM_NEWLINK, 0, link);
  if (mtu) request.add(IFLA_MTU, std::as_bytes(std::span(&*mtu, 1)));
  return request.carry_out(socket);
}

result<void> add_address(int socket, int index, const link_address& given) noexcept {
  const std::span<const std::byte> bytes = given.address.bytes();
  ifaddrmsg address{};
  address.ifa_family = given.address.is_v4() ? AF_INET : AF_INET6;
  address.ifa_prefixlen = static_cast<std::uint8_t>(given.prefix_length);
  address.ifa_flags = IFA_F_NODAD;
  address.ifa_index = static_cast<std::uint32_t>(index);
  netlink_request request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, address);
  request.add(IFA_LOCAL, bytes);
  request.add(IFA_ADDRESS, bytes);
  return request.carry_out(socket);
}

}  // namespace

result<void> configure_link(std::string_view name, std::optional<link_address> address,
                            std::optional<unsigned> mtu) {
  if (address && address->prefix_length > address->address.bytes().size() * 8) {
    return failure(std::errc::invalid_argument);
  }
  const unsigned index = ::if_nametoindex(std::string(name).c_str());
  if (index == 0) return failure(std::errc::no_such_device);
  const descriptor_handle socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!socket) return failure_from_errno(errno);
  const int link = static_cast<int>(index);
  if (const result<void> done = set_up(socket.get(), link, mtu); !done) return done;
  return address ? add_address(socket.get(), link, *address) : result<void>{};
}

}  // namespace pentad
