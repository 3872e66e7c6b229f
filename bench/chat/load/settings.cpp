#include "settings.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>

namespace {

nanoseconds read_clock(clockid_t clock) noexcept {
  timespec t{};
  clock_gettime(clock, &t);
  return static_cast<nanoseconds>(t.tv_sec) * 1'000'000'000 + static_cast<nanoseconds>(t.tv_nsec);
}

}  // namespace

void fail(std::string_view what, int error) {
  fail(std::string(what) + ": " + std::strerror(error));
}

void fail(std::string_view what) {
  std::fprintf(stderr, "crowd: %.*s\n", static_cast<int>(what.size()), what.data());
  std::exit(1);
}

nanoseconds monotonic() noexcept { return read_clock(CLOCK_MONOTONIC); }

nanoseconds processor_time(const settings& s) noexcept {
  clockid_t clock{};
  if (s.server == 0 || clock_getcpuclockid(s.server, &clock) != 0) return 0;
  return read_clock(clock);
}

int connect_to_server(const settings& s) noexcept {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(s.port);
  to.sin_addr = s.address;
  const int on = 1;
  if (connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 &&
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0) {
    return fd;
  }
  const int why = errno;
  close(fd);
  errno = why;
  return -1;
}
