// The yardstick for completions: a TCP echo server by hand on io_uring, one thread.
//
// One submit_and_wait per turn does all the work of the turn. Task work is deferred to it, accept
// is multishot, a receive takes its buffer from a ring only when there are bytes, and a send with
// MSG_WAITALL needs no second look. All that is known of a connection fits into user_data.

#define _GNU_SOURCE
#include <errno.h>
#include <liburing.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "listener.h"

enum {
  submissions = 4096,
  completions = 16384,
  buffers = 2048,
  max_starved = 1 << 20,
  // Buffers that begin at the same offset of their pages would share a few cache sets.
  stride = buffer_size + 64,
};

enum kind { accepting, receiving, sending, closing };

/// What user_data says: the request's kind, its descriptor and the buffer being sent.
struct tag {
  int32_t fd;
  uint16_t buffer;
  uint16_t kind;
};

static struct io_uring ring;
static struct io_uring_buf_ring* free_buffers;
static char* memory;

// Descriptors whose receive found no buffer, in the order in which they get one.
static int starved[max_starved];
static unsigned starved_begin, starved_end;

static struct io_uring_sqe* next_request(void) {
  struct io_uring_sqe* sqe = io_uring_get_sqe(&ring);
  while (!sqe) {
    io_uring_submit(&ring);
    sqe = io_uring_get_sqe(&ring);
  }
  return sqe;
}

static void set_tag(struct io_uring_sqe* sqe, enum kind kind, int fd, unsigned buffer) {
  const struct tag tag = {.fd = fd, .buffer = (uint16_t)buffer, .kind = (uint16_t)kind};
  memcpy(&sqe->user_data, &tag, sizeof tag);
}

static void start_accepting(int listener) {
  struct io_uring_sqe* sqe = next_request();
  io_uring_prep_multishot_accept(sqe, listener, NULL, NULL, SOCK_CLOEXEC);
  set_tag(sqe, accepting, listener, 0);
}

static void receive(int fd) {
  struct io_uring_sqe* sqe = next_request();
  io_uring_prep_recv(sqe, fd, NULL, buffer_size, 0);
  sqe->flags |= IOSQE_BUFFER_SELECT;
  sqe->buf_group = 0;
  set_tag(sqe, receiving, fd, 0);
}

static void echo(int fd, unsigned buffer, int size) {
  struct io_uring_sqe* sqe = next_request();
  io_uring_prep_send(sqe, fd, memory + buffer * stride, (size_t)size, MSG_WAITALL | MSG_NOSIGNAL);
  set_tag(sqe, sending, fd, buffer);
}

static void end(int fd) {
  struct io_uring_sqe* sqe = next_request();
  io_uring_prep_close(sqe, fd);
  sqe->flags |= IOSQE_CQE_SKIP_SUCCESS;
  set_tag(sqe, closing, fd, 0);
}

static void add_buffer(unsigned buffer, int offset) {
  io_uring_buf_ring_add(free_buffers, memory + buffer * stride, buffer_size, (unsigned short)buffer,
                        io_uring_buf_ring_mask(buffers), offset);
}

static void give_back(unsigned buffer) {
  add_buffer(buffer, 0);
  io_uring_buf_ring_advance(free_buffers, 1);
  if (starved_begin != starved_end) receive(starved[starved_begin++ % max_starved]);
}

static void on_received(int fd, const struct io_uring_cqe* cqe) {
  const unsigned buffer = cqe->flags >> IORING_CQE_BUFFER_SHIFT;
  if (cqe->res > 0) {
    echo(fd, buffer, cqe->res);
  } else if (cqe->res == -ENOBUFS) {
    starved[starved_end++ % max_starved] = fd;
  } else {
    if (cqe->flags & IORING_CQE_F_BUFFER) give_back(buffer);
    end(fd);
  }
}

static void on_completion(const struct io_uring_cqe* cqe) {
  struct tag tag;
  memcpy(&tag, &cqe->user_data, sizeof tag);
  switch ((enum kind)tag.kind) {
    case accepting:
      if (cqe->res >= 0) receive(cqe->res);
      if (!(cqe->flags & IORING_CQE_F_MORE)) start_accepting(tag.fd);
      break;
    case receiving:
      on_received(tag.fd, cqe);
      break;
    case sending:
      give_back(tag.buffer);
      if (cqe->res > 0) {
        receive(tag.fd);
      } else {
        end(tag.fd);
      }
      break;
    case closing:
      break;
  }
}

static void* map_memory(size_t size) {
  void* p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
  if (p == MAP_FAILED) fail("mmap");
  return p;
}

/// Ends the program when a function of liburing returned an error.
static void must(int result, const char* what) {
  if (result >= 0) return;
  errno = -result;
  fail(what);
}

static void open_ring(void) {
  struct io_uring_params params = {
      .flags = IORING_SETUP_CQSIZE | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_SINGLE_ISSUER |
               IORING_SETUP_DEFER_TASKRUN,
      .cq_entries = completions,
  };
  must(io_uring_queue_init_params(submissions, &ring, &params), "io_uring_queue_init");
  must(io_uring_register_ring_fd(&ring), "io_uring_register_ring_fd");
  memory = map_memory((size_t)buffers * stride);
  free_buffers = map_memory(buffers * sizeof(struct io_uring_buf));
  struct io_uring_buf_reg registration = {.ring_addr = (uintptr_t)free_buffers,
                                          .ring_entries = buffers};
  must(io_uring_register_buf_ring(&ring, &registration, 0), "io_uring_register_buf_ring");
  for (int i = 0; i < buffers; ++i) add_buffer((unsigned)i, i);
  io_uring_buf_ring_advance(free_buffers, buffers);
}

int main(int argc, char** argv) {
  const int listener = open_listener(argc, argv, 0);
  open_ring();
  start_accepting(listener);
  say_ready();
  for (;;) {
    const int result = io_uring_submit_and_wait(&ring, 1);
    if (result != -EINTR) must(result, "io_uring_submit_and_wait");
    struct io_uring_cqe* cqe;
    unsigned head;
    unsigned count = 0;
    io_uring_for_each_cqe(&ring, head, cqe) {
      on_completion(cqe);
      ++count;
    }
    io_uring_cq_advance(&ring, count);
  }
}
