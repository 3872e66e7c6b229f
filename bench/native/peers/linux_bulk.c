// One end of a bulk transfer on Linux's stack.
//
// usage: linux_bulk sink PORT SECONDS WARMUP   waits for one connection, prints bytes a second
//        linux_bulk source ADDRESS PORT        sends for as long as the other end takes it

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <string.h>
#include <unistd.h>

#include "bench/peers/measure.h"

static char buffer[256 << 10];

static int sink(const char* port, double seconds, double warmup) {
  int listener = tcp_socket();
  int one = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
  check(bind(listener, (struct sockaddr*)&address, sizeof address) == 0, "bind");
  check(listen(listener, 1) == 0, "listen");
  puts("ready");
  fflush(stdout);
  int peer = accept(listener, NULL, NULL);
  check(peer >= 0, "accept");
  double begin = now() + warmup, end = begin + seconds, started = now(), time;
  double count = 0;
  do {
    ssize_t more = recv(peer, buffer, sizeof buffer, 0);
    check(more > 0, "recv");
    time = now();
    if (time < begin) {
      started = time;
    } else {
      count += (double)more;
    }
  } while (time < end);
  printf("%.0f\n", count / (time - started));
  return 0;
}

static int source(const char* host, const char* port) {
  int socket = tcp_socket();
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
  check(inet_pton(AF_INET, host, &address.sin_addr) == 1, host);
  check(connect(socket, (struct sockaddr*)&address, sizeof address) == 0, "connect");
  while (send(socket, buffer, sizeof buffer, MSG_NOSIGNAL) > 0) {
  }
  return 0;
}

int main(int argc, char** argv) {
  if (argc == 5 && strcmp(argv[1], "sink") == 0) {
    return sink(argv[2], atof(argv[3]), atof(argv[4]));
  }
  if (argc == 4 && strcmp(argv[1], "source") == 0) return source(argv[2], argv[3]);
  fputs("usage: linux_bulk sink PORT SECONDS WARMUP | source ADDRESS PORT\n", stderr);
  return 2;
}
