// The peer of the C world: libuv. Its loop calls back as soon as it has read, so one hot buffer
// serves every connection; uv_try_write saves a request, and only what the socket did not take is
// copied and written later.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { backlog = 4096 };

struct rest {
  uv_write_t request;
  char bytes[];
};

static void must(int status, const char* what) {
  if (status < 0) {
    fprintf(stderr, "%s: %s\n", what, uv_strerror(status));
    exit(1);
  }
}

static void on_closed(uv_handle_t* handle) { free(handle); }

static void end(uv_stream_t* stream) {
  if (!uv_is_closing((uv_handle_t*)stream)) uv_close((uv_handle_t*)stream, on_closed);
}

static void lend_buffer(uv_handle_t* handle, size_t suggested, uv_buf_t* buffer) {
  static char hot[4096];
  (void)handle;
  (void)suggested;
  *buffer = uv_buf_init(hot, sizeof hot);
}

static void on_read(uv_stream_t* stream, ssize_t n, const uv_buf_t* buffer);

static void on_written(uv_write_t* request, int status) {
  uv_stream_t* stream = request->handle;
  free(request);
  if (status < 0) {
    end(stream);
  } else {
    uv_read_start(stream, lend_buffer, on_read);
  }
}

static void write_rest(uv_stream_t* stream, const char* bytes, size_t size) {
  struct rest* rest = malloc(sizeof *rest + size);
  if (!rest) abort();
  memcpy(rest->bytes, bytes, size);
  uv_buf_t buffer = uv_buf_init(rest->bytes, (unsigned)size);
  uv_read_stop(stream);
  if (uv_write(&rest->request, stream, &buffer, 1, on_written) < 0) {
    free(rest);
    end(stream);
  }
}

static void on_read(uv_stream_t* stream, ssize_t n, const uv_buf_t* buffer) {
  if (n == 0) return;
  if (n < 0) {
    end(stream);
    return;
  }
  const uv_buf_t message = uv_buf_init(buffer->base, (unsigned)n);
  int taken = uv_try_write(stream, &message, 1);
  if (taken < 0 && taken != UV_EAGAIN) {
    end(stream);
    return;
  }
  if (taken < 0) taken = 0;
  if (taken < n) write_rest(stream, buffer->base + taken, (size_t)(n - taken));
}

static void on_connection(uv_stream_t* listener, int status) {
  if (status < 0) return;
  uv_tcp_t* client = malloc(sizeof *client);
  if (!client) abort();
  must(uv_tcp_init(listener->loop, client), "uv_tcp_init");
  if (uv_accept(listener, (uv_stream_t*)client) < 0) {
    end((uv_stream_t*)client);
    return;
  }
  uv_tcp_nodelay(client, 1);
  uv_read_start((uv_stream_t*)client, lend_buffer, on_read);
}

int main(int argc, char** argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s PORT\n", argv[0]);
    return 2;
  }
  uv_loop_t* loop = uv_default_loop();
  uv_tcp_t listener;
  struct sockaddr_in here;
  must(uv_tcp_init(loop, &listener), "uv_tcp_init");
  must(uv_ip4_addr("0.0.0.0", atoi(argv[1]), &here), "uv_ip4_addr");
  must(uv_tcp_bind(&listener, (const struct sockaddr*)&here, 0), "bind");
  must(uv_listen((uv_stream_t*)&listener, backlog, on_connection), "listen");
  puts("ready");
  fflush(stdout);
  return uv_run(loop, UV_RUN_DEFAULT);
}
