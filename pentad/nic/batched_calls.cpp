#include "pentad/nic/batched_calls.hpp"

#include <liburing.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace pentad {

struct batched_calls::ring {
  io_uring of{};
  bool is_open = false;

  ring() = default;
  ~ring() {
    if (is_open) io_uring_queue_exit(&of);
  }
  ring(const ring&) = delete;
  ring& operator=(const ring&) = delete;

  using call = void(io_uring_sqe*, int, const iovec*, unsigned, __u64);
  void prepare(call& made, int descriptor, std::span<const std::span<const iovec>> calls) noexcept {
    for (std::size_t i = 0; i < calls.size(); ++i) {
      io_uring_sqe& request = *io_uring_get_sqe(&of);
      made(&request, descriptor, calls[i].data(), static_cast<unsigned>(calls[i].size()), 0);
      request.rw_flags = RWF_NOWAIT;  // else the ring itself waits, O_NONBLOCK or not
      request.user_data = i;
    }
  }
};

std::unique_ptr<batched_calls> batched_calls::open(int descriptor) {
  auto made = std::make_unique<ring>();
  io_uring_params parameters{};
  parameters.flags =
      IORING_SETUP_SUBMIT_ALL | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
  if (io_uring_queue_init_params(most, &made->of, &parameters) < 0) return nullptr;
  made->is_open = true;
  io_uring_register_ring_fd(&made->of);  // saves a look-up per call; works without, too
  return std::unique_ptr<batched_calls>(new batched_calls(descriptor, std::move(made)));
}

batched_calls::batched_calls(int descriptor, std::unique_ptr<ring> opened) noexcept
    : descriptor_(descriptor), ring_(std::move(opened)) {}

batched_calls::~batched_calls() = default;

void batched_calls::read(std::span<const std::span<const iovec>> calls,
                         std::span<int> results) noexcept {
  ring_->prepare(io_uring_prep_readv, descriptor_, calls);
  carry_out(calls.size(), results);
}

void batched_calls::write(std::span<const std::span<const iovec>> calls,
                          std::span<int> results) noexcept {
  ring_->prepare(io_uring_prep_writev, descriptor_, calls);
  carry_out(calls.size(), results);
}

// A file that does not block is done with when the kernel has taken the request; waiting for it
// costs nothing.
void batched_calls::carry_out(std::size_t count, std::span<int> results) noexcept {
  std::size_t done = 0;
  while (done < count) {
    const int entered = io_uring_submit_and_wait(&ring_->of, static_cast<unsigned>(count - done));
    if (entered < 0 && entered != -EINTR && entered != -EAGAIN) {
      std::ranges::fill(results.first(count), -EAGAIN);
      works_ = false;
      return;
    }
    unsigned head = 0;
    unsigned seen = 0;
    io_uring_cqe* completion = nullptr;
    io_uring_for_each_cqe(&ring_->of, head, completion) {
      int& result = results[completion->user_data];
      result = completion->res;
      if (result == -EOPNOTSUPP) {  // the file does not know RWF_NOWAIT
        result = -EAGAIN;
        works_ = false;
      }
      ++seen;
    }
    io_uring_cq_advance(&ring_->of, seen);
    done += seen;
  }
}

}  // namespace pentad
