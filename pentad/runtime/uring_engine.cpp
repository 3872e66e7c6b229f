#include "pentad/runtime/uring_engine.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "pentad/runtime/monotonic_clock.hpp"

namespace pentad {
namespace {

constexpr unsigned submission_entries = 4096;
constexpr unsigned completion_entries = 16384;

// What Pentad asks of io_uring; a kernel that lacks one of them gets epoll.
constexpr std::array needed_operations = {
    IORING_OP_ACCEPT, IORING_OP_CONNECT,  IORING_OP_RECV,         IORING_OP_SEND,
    IORING_OP_READ,   IORING_OP_POLL_ADD, IORING_OP_ASYNC_CANCEL, IORING_OP_SENDMSG};
constexpr unsigned needed_features =
    IORING_FEAT_NODROP | IORING_FEAT_SUBMIT_STABLE | IORING_FEAT_EXT_ARG | IORING_FEAT_CQE_SKIP;

bool has_all_needed(io_uring& ring) noexcept {
  if ((ring.features & needed_features) != needed_features) return false;
  io_uring_probe* probe = io_uring_get_probe_ring(&ring);
  if (probe == nullptr) return false;
  bool all = true;
  for (const io_uring_op each : needed_operations)
    all &= io_uring_opcode_supported(probe, each) != 0;
  io_uring_free_probe(probe);
  return all;
}

}  // namespace

// Reads the eventfd that other threads write to.
class uring_engine::waker final : public uring_source {
 public:
  explicit waker(uring_engine& engine) noexcept : engine_(engine) {}

  void arm() noexcept {
    io_uring_sqe& request = engine_.request();
    io_uring_prep_read(&request, engine_.wake_.get(), &count_, sizeof count_, 0);
    engine_.submit(request, *this, 0);
  }

  void completed(unsigned, int result, unsigned) noexcept override {
    if (result != -ECANCELED) arm();
  }

 private:
  uring_engine& engine_;
  std::uint64_t count_ = 0;
};

// One poll request for all changes of a descriptor (IORING_POLL_ADD_MULTI). It belongs to the
// engine and lives until the kernel has said the last word, which may be after its end was asked
// for.
class uring_engine::watched final : public uring_source {
 public:
  watched(uring_engine& engine, int descriptor, descriptor_watch& watch) noexcept
      : engine_(engine), descriptor_(descriptor), watch_(&watch) {}

  void arm() noexcept {
    io_uring_sqe& request = engine_.request();
    io_uring_prep_poll_multishot(&request, descriptor_, POLLIN | POLLOUT | POLLRDHUP);
    engine_.submit(request, *this, 0);
    armed_ = true;
  }

  bool is(int descriptor) const noexcept { return watch_ != nullptr && descriptor_ == descriptor; }

  /// Whether the kernel still has to say the last word.
  bool end() noexcept {
    watch_ = nullptr;
    if (armed_) engine_.cancel(*this, 0);
    return armed_;
  }

  void completed(unsigned, int result, unsigned flags) noexcept override {
    armed_ = (flags & IORING_CQE_F_MORE) != 0;
    if (watch_ != nullptr) {
      watch_->ready();
      if (!armed_ && result >= 0) arm();  // it ended for want of room in the ring
    } else if (!armed_) {
      std::erase_if(engine_.watched_, [this](const auto& each) { return each.get() == this; });
    }
  }

 private:
  uring_engine& engine_;
  int descriptor_;
  descriptor_watch* watch_;
  bool armed_ = false;
};

result<std::unique_ptr<uring_engine>> uring_engine::open(duration spin) {
  descriptor_handle wake(::eventfd(0, EFD_CLOEXEC));
  if (!wake) return failure_from_errno(errno);
  std::unique_ptr<uring_engine> made(new uring_engine(std::move(wake), spin));
  io_uring_params parameters{};
  // DEFER_TASKRUN is what makes io_uring faster than epoll: completions are worked on when the
  // loop asks for them, not by interrupting it.
  parameters.flags = IORING_SETUP_CQSIZE | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_SINGLE_ISSUER |
                     IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG;
  parameters.cq_entries = completion_entries;
  const int error = io_uring_queue_init_params(submission_entries, &made->ring_, &parameters);
  if (error == -EINVAL) return failure(std::errc::function_not_supported);  // an older kernel
  if (error < 0) return failure_from_errno(-error);
  made->ring_is_open_ = true;
  if (!has_all_needed(made->ring_)) return failure(std::errc::function_not_supported);
  io_uring_register_ring_fd(&made->ring_);  // saves a look-up per call; works without, too
  made->waker_->arm();
  return made;
}

uring_engine::uring_engine(descriptor_handle wake, duration spin)
    : wake_(std::move(wake)), spinner_(spin), waker_(std::make_unique<waker>(*this)) {}

uring_engine::~uring_engine() {
  if (ring_is_open_) io_uring_queue_exit(&ring_);
}

instant uring_engine::now() { return monotonic_now(); }

bool uring_engine::supports(int operation) noexcept {
  io_uring_probe* const probe = io_uring_get_probe_ring(&ring_);
  if (probe == nullptr) return false;
  const bool is_known = io_uring_opcode_supported(probe, operation) != 0;
  io_uring_free_probe(probe);
  return is_known;
}

void uring_engine::wake() noexcept { ::eventfd_write(wake_.get(), 1); }

io_uring_sqe& uring_engine::request() noexcept {
  if (overflow_.empty()) {
    if (io_uring_sqe* free = io_uring_get_sqe(&ring_)) return *free;
    io_uring_submit(&ring_);
    if (io_uring_sqe* free = io_uring_get_sqe(&ring_)) return *free;
  }
  return overflow_.emplace_back();
}

void uring_engine::flush_overflow() noexcept {
  while (!overflow_.empty()) {
    io_uring_sqe* free = io_uring_get_sqe(&ring_);
    if (free == nullptr) return;
    *free = overflow_.front();
    overflow_.pop_front();
  }
}

void uring_engine::cancel(std::uint64_t tagged) noexcept {
  cancelling_.push_back(tagged);
  ask_to_cancel(tagged);
}

void uring_engine::ask_to_cancel(std::uint64_t tagged) noexcept {
  io_uring_sqe& request = this->request();
  io_uring_prep_cancel64(&request, tagged, 0);
  request.flags |= IOSQE_CQE_SKIP_SUCCESS;
  request.user_data = tagged | cancel_mark;
}

// The kernel finds no request that it is about to try again, for it is in none of its lists then.
void uring_engine::cancel_failed(std::uint64_t tagged, int result) noexcept {
  const bool is_still_there = std::ranges::find(cancelling_, tagged) != cancelling_.end();
  if (result == -ENOENT && is_still_there) ask_to_cancel(tagged);
}

bool uring_engine::has_completions() const noexcept {
  constexpr unsigned pending = IORING_SQ_TASKRUN | IORING_SQ_CQ_OVERFLOW;
  return io_uring_cq_ready(&ring_) != 0 ||
         (io_uring_smp_load_acquire(ring_.sq.kflags) & pending) != 0;
}

bool uring_engine::poll(instant until) {
  flush_overflow();
  if (spinner_.enabled() && until != instant::min() && !has_completions()) {
    if (io_uring_sq_ready(&ring_) != 0) io_uring_submit(&ring_);
    spinner_.spin(until, [this] { return now(); }, [this] { return has_completions(); });
    until = has_completions() ? instant::min() : until;
  }
  enter(until);
  dispatch();
  return true;
}

// Submits what was asked for and waits, in one system call; in none if there is nothing to do.
void uring_engine::enter(instant until) noexcept {
  const duration left = until == instant::min() ? duration::zero()
                        : until == never        ? duration::max()
                                                : until - now();
  if (left <= duration::zero() || !overflow_.empty()) {
    if (io_uring_sq_ready(&ring_) != 0 || has_completions()) {
      io_uring_submit_and_get_events(&ring_);
    }
  } else if (until == never) {
    io_uring_submit_and_wait(&ring_, 1);
  } else {
    __kernel_timespec timeout{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
    io_uring_cqe* first = nullptr;
    io_uring_submit_and_wait_timeout(&ring_, &first, 1, &timeout, nullptr);
  }
}

void uring_engine::dispatch() noexcept {
  unsigned head = 0;
  unsigned count = 0;
  io_uring_cqe* completion = nullptr;
  io_uring_for_each_cqe(&ring_, head, completion) {
    ++count;
    dispatch(*completion);
  }
  io_uring_cq_advance(&ring_, count);
}

void uring_engine::dispatch(const io_uring_cqe& completion) noexcept {
  const std::uint64_t tagged = completion.user_data;
  if ((tagged & cancel_mark) != 0) return cancel_failed(tagged & ~cancel_mark, completion.res);
  if ((completion.flags & IORING_CQE_F_MORE) == 0) {
    --in_flight_;
    if (!cancelling_.empty()) std::erase(cancelling_, tagged);
  }
  const unsigned kind = static_cast<unsigned>(tagged & kind_mask);
  if (kind == descriptor_kind) {
    auto& waiter = *reinterpret_cast<readiness_operation*>(tagged & ~kind_mask);
    awaited_.erase(key_of(waiter));
    if (completion.res == -ECANCELED) {
      waiter.error = waiter.stop_error();
    } else if (completion.res < 0) {
      waiter.error = -completion.res;
    }
    waiter.end();
  } else {
    reinterpret_cast<uring_source*>(tagged & ~kind_mask)
        ->completed(kind, completion.res, completion.flags);
  }
}

bool uring_engine::start(readiness_operation& waiter) {
  if (!awaited_.insert(key_of(waiter)).second) {
    waiter.error = EALREADY;
    return true;
  }
  io_uring_sqe& request = this->request();
  io_uring_prep_poll_add(&request, waiter.descriptor(),
                         waiter.what() == readiness::readable ? POLLIN | POLLRDHUP : POLLOUT);
  request.user_data = tag(waiter);
  ++in_flight_;
  return false;
}

void uring_engine::stop(readiness_operation& waiter) noexcept { cancel(tag(waiter)); }

result<void> uring_engine::watch(int descriptor, descriptor_watch& watch) {
  // The request would tell these too, but only once it is too late for a result.
  struct stat file{};
  if (::fstat(descriptor, &file) != 0) return failure_from_errno(errno);
  if (S_ISREG(file.st_mode) || S_ISDIR(file.st_mode)) {
    return failure(std::errc::operation_not_permitted);
  }
  if (std::ranges::any_of(watched_, [=](const auto& each) { return each->is(descriptor); })) {
    return failure(std::errc::file_exists);
  }
  watched_.push_back(std::make_unique<watched>(*this, descriptor, watch));
  watched_.back()->arm();
  return {};
}

void uring_engine::unwatch(int descriptor, descriptor_watch&) noexcept {
  const auto found =
      std::ranges::find_if(watched_, [=](const auto& each) { return each->is(descriptor); });
  if (found == watched_.end()) return;
  if ((*found)->end()) {
    io_uring_submit_and_get_events(&ring_);  // at once, because the request holds the file open
  } else {
    watched_.erase(found);
  }
}

void uring_engine::drain() {
  while (in_flight_ > 1) poll(never);  // the read of the waker is always in flight
}

}  // namespace pentad
