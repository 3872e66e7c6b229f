// One TCP stream by plain system calls: `raw sink PORT SECONDS` receives for so long and prints the
// bytes a second; `raw source PORT` sends until the other end is gone.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "bench/peers/measure.h"

enum { piece = 128 << 10 };
static char bytes[piece];

static void sink(const char* port, double seconds) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const struct sockaddr_in address = loopback(port);
  check(bind(listener, (const struct sockaddr*)&address, sizeof address) == 0, "bind");
  check(listen(listener, 1) == 0, "listen");
  puts("ready");
  fflush(stdout);
  const int fd = accept(listener, NULL, NULL);
  check(fd >= 0, "accept");
  const double began = now();
  uint64_t count = 0;
  double elapsed = 0;
  while (elapsed < seconds) {
    for (int i = 0; i < 16; ++i) {
      const ssize_t n = recv(fd, bytes, sizeof bytes, 0);
      check(n > 0, "recv");
      count += (uint64_t)n;
    }
    elapsed = now() - began;
  }
  printf("%.0f\n", (double)count / elapsed);
}

static void source(const char* port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const struct sockaddr_in address = loopback(port);
  check(connect(fd, (const struct sockaddr*)&address, sizeof address) == 0, "connect");
  while (send(fd, bytes, sizeof bytes, MSG_NOSIGNAL) > 0) {
  }
}

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  if (!strcmp(argv[1], "sink")) sink(argv[2], argc > 3 ? atof(argv[3]) : 1);
  if (!strcmp(argv[1], "source")) source(argv[2]);
  return 0;
}
