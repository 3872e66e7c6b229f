// UDP by plain system calls, both as a peer to compare with and as the load.
//
//   plain echo PORT            one datagram a call
//   plain mmsg PORT            up to 64 datagrams a call
//   plain sink PORT SECONDS    receives one way, and prints how many a second
//   plain ping PORT SECONDS    one question at a time, and prints how many answers a second
//   plain crowd PORT SECONDS   64 questions under way, and prints how many answers a second
//   plain flood PORT SECONDS   sends one way as fast as it can
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "bench/peers/measure.h"

enum { size = 64, batch = 64, room = 2048 };

static int open_server(const char* port) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const int buffer = 4 << 20;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  const struct sockaddr_in address = loopback(port);
  check(bind(fd, (const struct sockaddr*)&address, sizeof address) == 0, "bind");
  puts("ready");
  fflush(stdout);
  return fd;
}

static int open_client(const char* port) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const struct sockaddr_in address = loopback(port);
  check(connect(fd, (const struct sockaddr*)&address, sizeof address) == 0, "connect");
  return fd;
}

static void echo(int fd) {
  char bytes[room];
  for (;;) {
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    const ssize_t n = recvfrom(fd, bytes, sizeof bytes, 0, (struct sockaddr*)&from, &length);
    check(n >= 0, "recvfrom");
    check(sendto(fd, bytes, (size_t)n, 0, (struct sockaddr*)&from, length) >= 0, "sendto");
  }
}

static void echo_many(int fd) {
  static char bytes[batch][room];
  static struct sockaddr_in from[batch];
  struct iovec vectors[batch];
  struct mmsghdr messages[batch];
  for (;;) {
    memset(messages, 0, sizeof messages);
    for (int i = 0; i < batch; ++i) {
      vectors[i] = (struct iovec){bytes[i], room};
      messages[i].msg_hdr.msg_iov = &vectors[i];
      messages[i].msg_hdr.msg_iovlen = 1;
      messages[i].msg_hdr.msg_name = &from[i];
      messages[i].msg_hdr.msg_namelen = sizeof from[i];
    }
    const int n = recvmmsg(fd, messages, batch, MSG_WAITFORONE, NULL);
    check(n >= 0, "recvmmsg");
    for (int i = 0; i < n; ++i) vectors[i].iov_len = messages[i].msg_len;
    check(sendmmsg(fd, messages, (unsigned)n, 0) >= 0, "sendmmsg");
  }
}

// From the first datagram on.
static void sink(int fd, double seconds) {
  char bytes[room];
  check(recv(fd, bytes, sizeof bytes, 0) >= 0, "recv");
  const double began = now();
  uint64_t count = 0;
  double at_last = began;
  while (at_last - began < seconds) {
    for (int i = 0; i < 64; ++i) {
      check(recv(fd, bytes, sizeof bytes, 0) >= 0, "recv");
      ++count;
    }
    at_last = now();
  }
  printf("%.0f\n", (double)count / (at_last - began));
}

static void ping(int fd, double seconds) {
  char bytes[room] = {0};
  uint64_t count = 0;
  const double began = now();
  double at_last = began;
  while (at_last - began < seconds) {
    for (int i = 0; i < 64; ++i) {
      check(send(fd, bytes, size, 0) >= 0, "send");
      check(recv(fd, bytes, sizeof bytes, 0) == size, "recv");
      ++count;
    }
    at_last = now();
  }
  printf("%.0f\n", (double)count / (at_last - began));
}

// Faster than a server that answers one datagram a call: it takes what is there without waiting,
// and sends as many again in one call.
static void crowd(int fd, double seconds) {
  static char bytes[batch][room];
  struct iovec vectors[batch];
  struct mmsghdr messages[batch];
  memset(messages, 0, sizeof messages);
  for (int i = 0; i < batch; ++i) {
    vectors[i] = (struct iovec){bytes[i], size};
    messages[i].msg_hdr.msg_iov = &vectors[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  uint64_t count = 0;
  int to_send = batch;
  const double began = now();
  double last_answer = began;
  while (last_answer - began < seconds) {
    for (int sent = 0; sent < to_send;) {
      const int n = sendmmsg(fd, messages + sent, (unsigned)(to_send - sent), 0);
      check(n > 0, "sendmmsg");
      sent += n;
    }
    to_send = recvmmsg(fd, messages, batch, MSG_DONTWAIT, NULL);
    if (to_send < 0) {
      check(errno == EAGAIN, "recvmmsg");
      check(now() - last_answer < 1, "a server that answers");
      to_send = 0;
      continue;
    }
    count += (uint64_t)to_send;
    last_answer = now();
  }
  printf("%.0f\n", (double)count / (last_answer - began));
}

static void flood(int fd, double seconds) {
  char bytes[size] = {0};
  const double began = now();
  while (now() - began < seconds) {
    for (int i = 0; i < 64; ++i) {
      check(send(fd, bytes, size, 0) >= 0 || errno == ECONNREFUSED, "send");
    }
  }
}

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const double seconds = argc > 3 ? atof(argv[3]) : 1;
  if (!strcmp(argv[1], "echo")) echo(open_server(argv[2]));
  if (!strcmp(argv[1], "mmsg")) echo_many(open_server(argv[2]));
  if (!strcmp(argv[1], "sink")) sink(open_server(argv[2]), seconds);
  if (!strcmp(argv[1], "ping")) ping(open_client(argv[2]), seconds);
  if (!strcmp(argv[1], "crowd")) crowd(open_client(argv[2]), seconds);
  if (!strcmp(argv[1], "flood")) flood(open_client(argv[2]), seconds);
  return 0;
}
