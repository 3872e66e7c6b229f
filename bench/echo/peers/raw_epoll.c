// The yardstick for readiness: a TCP echo server by hand on edge-triggered epoll, one thread.
//
// One hot buffer serves every connection. A read that did not fill it has emptied the socket, so
// no second read has to find EAGAIN; EPOLLRDHUP tells the end of the stream that such a short read
// may have left unseen. A connection costs eight bytes until its peer stops reading.

#define _GNU_SOURCE  // accept4
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "listener.h"

enum { max_connections = 1 << 20, max_events = 1024 };

/// What a peer that does not read has not taken yet.
struct rest {
  size_t begin, end;
  char bytes[buffer_size];
};

static int poller;
static struct rest* rests[max_connections];  // by descriptor; null: nothing is waiting

static void watch(int fd, int how, unsigned interest) {
  struct epoll_event event = {.events = interest | EPOLLET | EPOLLRDHUP, .data = {.fd = fd}};
  if (epoll_ctl(poller, how, fd, &event)) fail("epoll_ctl");
}

static void end(int fd) {
  free(rests[fd]);
  rests[fd] = NULL;
  close(fd);
}

/// Sends what is left of an earlier message. False: the connection is blocked again, or ended.
static bool send_rest(int fd) {
  struct rest* rest = rests[fd];
  while (rest->begin < rest->end) {
    const ssize_t n = send(fd, rest->bytes + rest->begin, rest->end - rest->begin, MSG_NOSIGNAL);
    if (n < 0 && errno == EAGAIN) return false;
    if (n < 0) {
      end(fd);
      return false;
    }
    rest->begin += (size_t)n;
  }
  free(rest);
  rests[fd] = NULL;
  watch(fd, EPOLL_CTL_MOD, EPOLLIN);
  return true;
}

static void keep_rest(int fd, const char* bytes, size_t size) {
  struct rest* rest = malloc(sizeof *rest);
  if (!rest) fail("malloc");
  rest->begin = 0;
  rest->end = size;
  memcpy(rest->bytes, bytes, size);
  rests[fd] = rest;
  watch(fd, EPOLL_CTL_MOD, EPOLLOUT);
}

/// One message there and back. True: the socket may hold more.
static bool echo_once(int fd, bool peer_finished) {
  static char buffer[buffer_size];
  const ssize_t n = recv(fd, buffer, sizeof buffer, 0);
  if (n < 0 && errno == EAGAIN) return false;
  if (n <= 0) {
    end(fd);
    return false;
  }
  ssize_t sent = send(fd, buffer, (size_t)n, MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) {
    end(fd);
    return false;
  }
  if (sent < 0) sent = 0;
  if (sent < n) {
    keep_rest(fd, buffer + sent, (size_t)(n - sent));
    return false;
  }
  return n == buffer_size || peer_finished;
}

static void serve(int fd, unsigned events) {
  const bool peer_finished = events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR);
  if (rests[fd] && !send_rest(fd)) return;
  while (echo_once(fd, peer_finished)) {
  }
}

static void accept_all(int listener) {
  for (;;) {
    const int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    if (fd >= max_connections) {
      close(fd);
    } else {
      watch(fd, EPOLL_CTL_ADD, EPOLLIN);
    }
  }
}

int main(int argc, char** argv) {
  const int listener = open_listener(argc, argv, SOCK_NONBLOCK);
  poller = epoll_create1(EPOLL_CLOEXEC);
  if (poller < 0) fail("epoll_create1");
  watch(listener, EPOLL_CTL_ADD, EPOLLIN);
  say_ready();
  static struct epoll_event events[max_events];
  for (;;) {
    const int count = epoll_wait(poller, events, max_events, -1);
    if (count < 0 && errno != EINTR) fail("epoll_wait");
    for (int i = 0; i < count; ++i) {
      if (events[i].data.fd == listener) {
        accept_all(listener);
      } else {
        serve(events[i].data.fd, events[i].events);
      }
    }
  }
}
