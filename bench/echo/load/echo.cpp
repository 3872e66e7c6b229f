// Mode `echo`: every connection sends `depth` messages in one write, waits until all are back,
// compares them byte for byte and sends the next.
//
// It must be faster than any server, or the figures would be its own. So it uses io_uring: one
// system call sends what many connections have to send and asks for the echoes, and between such
// calls it watches the ring's memory, which disturbs nobody.

#include <liburing.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "settings.hpp"
#include "window.hpp"

namespace {

constexpr unsigned submission_entries = 4096;
constexpr std::uint64_t sending = ~std::uint64_t{0};  // tells of failures only

class echo_load {
 public:
  explicit echo_load(const settings& s)
      : settings_(s),
        batch_size_(std::size_t{s.size} * s.depth),
        connections_(s.connections),
        sent_(batch_size_ * s.connections),
        received_(batch_size_ * s.connections) {
    std::uint32_t noise = 1;
    for (auto& b : sent_) b = static_cast<std::byte>((noise = noise * 1664525 + 1013904223) >> 24);
    for (auto& c : connections_) c.fd = connect_to_server(s, 0);
    io_uring_params parameters{};
    parameters.flags =
        IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG;
    const int opened = io_uring_queue_init_params(submission_entries, &ring_, &parameters);
    if (opened < 0) fail("io_uring_queue_init", -opened);
  }

  void run() {
    window w(settings_);
    nanoseconds now = monotonic();
    for (unsigned i = 0; i < settings_.connections; ++i) send_next(i, now);
    while (w.open(now)) {
      await_completions();
      now = monotonic();
      unsigned head = 0;
      unsigned count = 0;
      io_uring_cqe* completion = nullptr;
      io_uring_for_each_cqe(&ring_, head, completion) {
        ++count;
        expect_batch(*completion);
        const auto index = static_cast<unsigned>(completion->user_data);
        w.count(settings_.depth, connections_[index].started, now);
        send_next(index, now);
      }
      io_uring_cq_advance(&ring_, count);
    }
    w.print("echo");
  }

 private:
  struct connection {
    int fd = -1;
    std::uint32_t sequence = 0;
    nanoseconds started = 0;
  };

  std::span<std::byte> batch_of(std::vector<std::byte>& all, unsigned index) {
    return std::span(all).subspan(batch_size_ * index, batch_size_);
  }

  /// Asks for all that is to be sent and received, and spins until something has arrived.
  void await_completions() {
    io_uring_submit_and_get_events(&ring_);
    constexpr nanoseconds patience = 5'000'000'000;
    const nanoseconds latest = monotonic() + patience;
    while (io_uring_cq_ready(&ring_) == 0) {
      if ((io_uring_smp_load_acquire(ring_.sq.kflags) & IORING_SQ_TASKRUN) != 0) {
        io_uring_get_events(&ring_);
      } else if (monotonic() > latest) {
        fail("the server has not answered for five seconds");
      }
    }
  }

  io_uring_sqe& request() {
    io_uring_sqe* free = io_uring_get_sqe(&ring_);
    while (free == nullptr) {
      io_uring_submit(&ring_);
      free = io_uring_get_sqe(&ring_);
    }
    return *free;
  }

  void send_next(unsigned index, nanoseconds now) {
    stamp(index);
    connections_[index].started = now;
    const int fd = connections_[index].fd;
    io_uring_sqe& send = request();
    io_uring_prep_send(&send, fd, batch_of(sent_, index).data(), batch_size_,
                       MSG_NOSIGNAL | MSG_WAITALL);
    send.flags |= IOSQE_CQE_SKIP_SUCCESS;
    send.user_data = sending;
    io_uring_sqe& receive = request();
    io_uring_prep_recv(&receive, fd, batch_of(received_, index).data(), batch_size_, MSG_WAITALL);
    receive.ioprio |= IORING_RECVSEND_POLL_FIRST;
    receive.user_data = index;
  }

  void expect_batch(const io_uring_cqe& completion) {
    if (completion.user_data == sending) fail("send", completion.res < 0 ? -completion.res : EIO);
    if (completion.res < 0) fail("recv", -completion.res);
    if (static_cast<std::size_t>(completion.res) != batch_size_) {
      fail("the server ended a connection");
    }
    const auto index = static_cast<unsigned>(completion.user_data);
    if (std::memcmp(batch_of(received_, index).data(), batch_of(sent_, index).data(),
                    batch_size_) != 0) {
      fail("the echo differs");
    }
  }

  /// Gives each message a head that no other message has, so that mixed up ones are noticed.
  void stamp(unsigned index) {
    for (auto rest = batch_of(sent_, index); !rest.empty(); rest = rest.subspan(settings_.size)) {
      const std::uint32_t head[] = {++connections_[index].sequence, index};
      std::memcpy(rest.data(), head, std::min<std::size_t>(sizeof head, settings_.size));
    }
  }

  const settings& settings_;
  std::size_t batch_size_;
  std::vector<connection> connections_;
  std::vector<std::byte> sent_, received_;
  io_uring ring_{};
};

}  // namespace

void run_echo(const settings& s) { echo_load(s).run(); }
