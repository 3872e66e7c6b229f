#include "settings.hpp"

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace {

/// Spins until there is something to receive. poll() with no timeout takes no lock of the socket
/// and leaves no waiter on it, so the server's processor does none of the generator's work.
void await_readable(int fd) {
  constexpr nanoseconds patience = 5'000'000'000;
  const nanoseconds latest = monotonic() + patience;
  while (monotonic() < latest) {
    for (int i = 0; i < 100; ++i) {
      pollfd p{.fd = fd, .events = POLLIN, .revents = 0};
      if (poll(&p, 1, 0) != 0) return;
    }
  }
  fail("the server has not answered for five seconds");
}

}  // namespace

int connect_to_server(const settings& s, std::uint32_t address) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket", errno);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(s.port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK + address);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) fail("connect", errno);
  const int on = 1;
  if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) fail("setsockopt", errno);
  return fd;
}

void send_message(int fd, std::span<const std::byte> message) {
  if (send(fd, message.data(), message.size(), MSG_NOSIGNAL) != std::ssize(message)) {
    fail("send", errno);
  }
}

void expect_echo(int fd, std::span<const std::byte> message, std::span<std::byte> buffer) {
  while (!message.empty()) {
    const ssize_t n = recv(fd, buffer.data(), message.size(), MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN) {
      await_readable(fd);
      continue;
    }
    if (n < 0) fail("recv", errno);
    if (n == 0) fail("the server ended a connection");
    const auto size = static_cast<std::size_t>(n);
    if (std::memcmp(buffer.data(), message.data(), size) != 0) fail("the echo differs");
    message = message.subspan(size);
  }
}
