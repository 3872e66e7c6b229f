// UDP by libuv: `libuv_udp echo PORT` or `libuv_udp sink PORT SECONDS`.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

static char bytes[65536];
static double seconds;
static double began;
static uint64_t count;

static void give_buffer(uv_handle_t* handle, size_t suggested, uv_buf_t* buffer) {
  (void)handle;
  (void)suggested;
  *buffer = uv_buf_init(bytes, sizeof bytes);
}

static void send_back(uv_udp_t* socket, ssize_t n, const uv_buf_t* buffer,
                      const struct sockaddr* from, unsigned flags) {
  (void)flags;
  if (n < 0) exit(1);
  if (from == NULL) return;  // nothing more is there now
  const uv_buf_t answer = uv_buf_init(buffer->base, (unsigned)n);
  if (uv_udp_try_send(socket, &answer, 1, from) < 0) exit(1);
}

// From the first datagram on.
static void count_one(uv_udp_t* socket, ssize_t n, const uv_buf_t* buffer,
                      const struct sockaddr* from, unsigned flags) {
  (void)socket;
  (void)buffer;
  (void)flags;
  if (n < 0) exit(1);
  if (from == NULL) return;
  if (began == 0) began = (double)uv_hrtime() / 1e9;
  if (++count % 64 != 0) return;
  const double elapsed = (double)uv_hrtime() / 1e9 - began;
  if (elapsed < seconds) return;
  printf("%.0f\n", (double)count / elapsed);
  exit(0);
}

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  seconds = argc > 3 ? atof(argv[3]) : 1;
  uv_loop_t* const loop = uv_default_loop();
  uv_udp_t socket;
  struct sockaddr_in local;
  int buffer = 4 << 20;
  if (uv_udp_init(loop, &socket) || uv_ip4_addr("127.0.0.1", atoi(argv[2]), &local) ||
      uv_udp_bind(&socket, (const struct sockaddr*)&local, 0) ||
      uv_recv_buffer_size((uv_handle_t*)&socket, &buffer) ||
      uv_udp_recv_start(&socket, give_buffer, strcmp(argv[1], "echo") ? count_one : send_back)) {
    return 1;
  }
  puts("ready");
  fflush(stdout);
  return uv_run(loop, UV_RUN_DEFAULT);
}
