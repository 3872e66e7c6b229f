#include "pentad/stack/kernel/netlink_socket.hpp"

#include <linux/netlink.h>
#include <sys/socket.h>

#include <cerrno>

namespace pentad::kernel {
namespace {

constexpr std::size_t buffer_size = 65536;

}  // namespace

netlink_socket::netlink_socket(descriptor_handle descriptor)
    : descriptor_(std::move(descriptor)), buffer_(buffer_size) {}

result<netlink_socket> netlink_socket::open(int protocol) {
  descriptor_handle opened(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol));
  if (!opened) return failure_from_errno(errno);
  return netlink_socket(std::move(opened));
}

result<> netlink_socket::send(std::span<const std::byte> request) {
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  const auto* to = reinterpret_cast<const sockaddr*>(&kernel);
  if (::sendto(descriptor_.get(), request.data(), request.size(), 0, to, sizeof kernel) < 0) {
    return failure_from_errno(errno);
  }
  return {};
}

result<std::span<const std::byte>> netlink_socket::receive() {
  for (;;) {
    sockaddr_nl from{};
    iovec part{buffer_.data(), buffer_.size()};
    msghdr message{};
    message.msg_name = &from;
    message.msg_namelen = sizeof from;
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    const ssize_t size = ::recvmsg(descriptor_.get(), &message, 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return failure_from_errno(errno);
    if ((message.msg_flags & MSG_TRUNC) != 0) return failure(std::errc::message_size);
    const bool from_kernel = from.nl_pid == 0;  // others may write to this socket, too
    if (from_kernel) return std::span(buffer_).first(static_cast<std::size_t>(size));
  }
}

}  // namespace pentad::kernel
