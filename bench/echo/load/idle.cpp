// Mode `idle`: opens all connections, echoes one message on each, then holds them open without a
// word until its standard input ends.

#include <unistd.h>

#include <cstdio>
#include <vector>

#include "settings.hpp"

void run_idle(const settings& s) {
  const std::vector<std::byte> message(s.size, std::byte{'x'});
  std::vector<std::byte> buffer(s.size);
  for (unsigned i = 0; i < s.connections; ++i) {
    const int fd = connect_to_server(s, i % 2);
    send_message(fd, message);
    expect_echo(fd, message, buffer);
  }
  std::printf("{\"mode\":\"idle\",\"connections\":%u,\"size\":%u}\n", s.connections, s.size);
  std::fflush(stdout);
  char ignored = 0;
  while (read(STDIN_FILENO, &ignored, 1) > 0) {
  }
}
