// What the two raw servers share: the listening socket and the line that says it is open.
#pragma once

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { backlog = 4096, buffer_size = 4096 };

/// Ends the server: `what` failed, errno says why.
static inline void fail(const char* what) {
  perror(what);
  exit(1);
}

/// A listening socket on the port named by argv[1], any IPv4 address. Sockets accepted from it
/// inherit TCP_NODELAY, which saves a call for each of them.
static inline int open_listener(int argc, char** argv, int type_flags) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s PORT\n", argv[0]);
    exit(2);
  }
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | type_flags, 0);
  const int on = 1;
  const struct sockaddr_in here = {.sin_family = AF_INET,
                                   .sin_port = htons((unsigned short)atoi(argv[1])),
                                   .sin_addr = {.s_addr = htonl(INADDR_ANY)}};
  if (fd < 0) fail("socket");
  if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on)) {
    fail("setsockopt");
  }
  if (bind(fd, (const struct sockaddr*)&here, sizeof here)) fail("bind");
  if (listen(fd, backlog)) fail("listen");
  return fd;
}

/// Tells the benchmark that connections are welcome.
static inline void say_ready(void) {
  puts("ready");
  fflush(stdout);
}
