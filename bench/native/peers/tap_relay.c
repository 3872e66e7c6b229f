// Copies frames between two TAP devices in two network namespaces, with the header of virtio-net,
// so that super-segments cross whole: how fast frames cross two TAPs through a program that does
// nothing else.
//
// usage: tap_relay NAMESPACE DEVICE NAMESPACE DEVICE; prints "ready" and runs until its input ends.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bench/peers/measure.h"

enum { header_size = 12, frames_in_turn = 64 };

static char frame[header_size + 14 + 65536];

static int open_tap(const char* network, const char* name) {
  char path[256];
  snprintf(path, sizeof path, "/run/netns/%s", network);
  int space = open(path, O_RDONLY | O_CLOEXEC);
  check(space >= 0, path);
  check(setns(space, CLONE_NEWNET) == 0, "setns");
  close(space);
  int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  check(device >= 0, "/dev/net/tun");
  struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR};
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  check(ioctl(device, TUNSETIFF, &request) == 0, "TUNSETIFF");
  int size = header_size;
  check(ioctl(device, TUNSETVNETHDRSZ, &size) == 0, "TUNSETVNETHDRSZ");
  check(ioctl(device, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6) == 0, "TUNSETOFFLOAD");
  return device;
}

static void relay(int from, int to) {
  for (int i = 0; i < frames_in_turn; ++i) {
    ssize_t size = read(from, frame, sizeof frame);
    if (size < 0) return;
    while (write(to, frame, (size_t)size) < 0) {
      if (errno != EAGAIN && errno != EINTR) break;  // a link that is not up yet loses frames
      struct pollfd room = {.fd = to, .events = POLLOUT};
      poll(&room, 1, -1);
    }
  }
}

int main(int argc, char** argv) {
  if (argc != 5) {
    fputs("usage: tap_relay NAMESPACE DEVICE NAMESPACE DEVICE\n", stderr);
    return 2;
  }
  int a = open_tap(argv[1], argv[2]);
  int b = open_tap(argv[3], argv[4]);
  puts("ready");
  fflush(stdout);
  struct pollfd waiting[3] = {
      {.fd = a, .events = POLLIN}, {.fd = b, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
  while (waiting[2].revents == 0) {
    check(poll(waiting, 3, -1) > 0, "poll");
    if (waiting[0].revents & POLLIN) relay(a, b);
    if (waiting[1].revents & POLLIN) relay(b, a);
  }
  return 0;
}
