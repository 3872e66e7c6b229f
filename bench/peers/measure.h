// What measuring programs in C share: how they fail, what time it is, and their sockets.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

/// Ends the program unless `ok`: `what` failed, errno says why.
static inline void check(int ok, const char* what) {
  if (ok) return;
  perror(what);
  exit(1);
}

/// Seconds.
static inline double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/// With the congestion control that others are measured by: the system's default may be one that
/// paces.
static inline int tcp_socket(void) {
  int made = socket(AF_INET, SOCK_STREAM, 0);
  check(made >= 0, "socket");
  check(setsockopt(made, IPPROTO_TCP, TCP_CONGESTION, "cubic", 5) == 0, "TCP_CONGESTION");
  return made;
}

/// 127.0.0.1 with a port in decimal.
static inline struct sockaddr_in loopback(const char* port) {
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((unsigned short)atoi(port))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}
