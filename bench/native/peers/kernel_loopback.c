// Two ends of a TCP connection over the kernel's loopback in one thread, without blocking: what
// Pentad's two stacks in one thread are compared with. An end that cannot go on waits in epoll.
//
// usage: kernel_loopback ping SECONDS WARMUP      round trips of 64 B a second
//        kernel_loopback bulk SECONDS WARMUP      bytes a second, 64 KiB at a time
//        kernel_loopback connect SECONDS WARMUP   connections a second, accepted and aborted

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "bench/peers/measure.h"

enum { message_size = 64, chunk_size = 65536 };

static char buffer[chunk_size];
static int poller, listener;
static struct sockaddr_in address = {.sin_family = AF_INET};
static socklen_t address_size = sizeof address;

static int eager_socket(void) {
  int made = tcp_socket();
  int one = 1;
  check(setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) == 0, "TCP_NODELAY");
  return made;
}

static void set_up(int socket) {
  check(fcntl(socket, F_SETFL, O_NONBLOCK) == 0, "fcntl");
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET};
  check(epoll_ctl(poller, EPOLL_CTL_ADD, socket, &event) == 0, "epoll_ctl");
}

static void wait_for_news(void) {
  struct epoll_event events[4];
  check(epoll_wait(poller, events, 4, -1) >= 0, "epoll_wait");
}

// Returns how much; 0 when it would have blocked.
static size_t moved(ssize_t count, const char* what) {
  if (count < 0 && errno == EAGAIN) return 0;
  check(count > 0, what);
  return (size_t)count;
}

static void send_message(int from) {
  for (size_t sent = 0; sent < message_size;) {
    size_t count = moved(send(from, buffer, message_size - sent, 0), "send");
    if (count == 0) wait_for_news();
    sent += count;
  }
}

static void receive_message(int at) {
  for (size_t received = 0; received < message_size;) {
    size_t count = moved(recv(at, buffer, message_size - received, 0), "recv");
    if (count == 0) wait_for_news();
    received += count;
  }
}

static size_t round_trip(int client, int server) {
  send_message(client);
  receive_message(server);
  send_message(server);
  receive_message(client);
  return 1;
}

static size_t bulk(int client, int server) {
  size_t sent = moved(send(server, buffer, chunk_size, 0), "send");
  size_t received = moved(recv(client, buffer, chunk_size, 0), "recv");
  if (sent == 0 && received == 0) wait_for_news();
  return received;
}

static void listen_at_any_port(void) {
  listener = eager_socket();
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  check(bind(listener, (struct sockaddr*)&address, address_size) == 0, "bind");
  check(listen(listener, 1) == 0, "listen");
  check(getsockname(listener, (struct sockaddr*)&address, &address_size) == 0, "getsockname");
}

static void open_connection(int* client, int* server) {
  *client = eager_socket();
  check(connect(*client, (struct sockaddr*)&address, address_size) == 0, "connect");
  *server = accept(listener, NULL, NULL);
  check(*server >= 0, "accept");
}

// Aborted, not closed: otherwise there were more connections in TIME-WAIT than there are ports.
static size_t connect_and_abort(int unused_client, int unused_server) {
  (void)unused_client, (void)unused_server;
  int client, server;
  open_connection(&client, &server);
  struct linger abort = {.l_onoff = 1, .l_linger = 0};
  check(setsockopt(client, SOL_SOCKET, SO_LINGER, &abort, sizeof abort) == 0, "SO_LINGER");
  close(client);
  close(server);
  return 1;
}

static const struct program {
  const char* name;
  size_t (*step)(int client, int server);
} programs[] = {{"ping", round_trip}, {"bulk", bulk}, {"connect", connect_and_abort}};

int main(int argc, char** argv) {
  const struct program* chosen = NULL;
  for (size_t i = 0; argc == 4 && i < sizeof programs / sizeof *programs; ++i) {
    if (strcmp(argv[1], programs[i].name) == 0) chosen = &programs[i];
  }
  if (chosen == NULL) {
    fputs("usage: kernel_loopback (ping|bulk|connect) SECONDS WARMUP\n", stderr);
    return 2;
  }
  poller = epoll_create1(0);
  check(poller >= 0, "epoll_create1");
  listen_at_any_port();
  int client, server;
  open_connection(&client, &server);
  set_up(client);
  set_up(server);

  double begin = now() + atof(argv[3]);
  double end = begin + atof(argv[2]);
  double started = now(), time;
  size_t count = 0;
  do {
    size_t more = chosen->step(client, server);
    time = now();
    if (time < begin) {
      started = time;
    } else {
      count += more;
    }
  } while (time < end);
  printf("%.0f\n", (double)count / (time - started));
  return 0;
}
