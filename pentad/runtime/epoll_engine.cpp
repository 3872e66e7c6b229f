#include "pentad/runtime/epoll_engine.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <span>

#include "pentad/runtime/monotonic_clock.hpp"

namespace pentad {
namespace {

// epoll_pwait2(2) for deadlines, because epoll_wait(2) counts milliseconds: one of 50 us would last
// 1 ms. Some places that run programs, such as Valgrind 3.19, do not know it.
int wait_for(int poll, std::span<epoll_event> into, duration rest) noexcept {
  const int room = static_cast<int>(into.size());
  timespec left{};
  left.tv_sec = static_cast<time_t>(rest.count() / 1'000'000'000);
  left.tv_nsec = static_cast<long>(rest.count() % 1'000'000'000);
  const int count = ::epoll_pwait2(poll, into.data(), room, &left, nullptr);
  if (count >= 0 || errno != ENOSYS) return count;
  using std::chrono::milliseconds;
  const auto at_most = std::min(std::chrono::ceil<milliseconds>(rest), milliseconds(INT_MAX));
  return ::epoll_wait(poll, into.data(), room, static_cast<int>(at_most.count()));
}

}  // namespace

// Who waits for one descriptor. Each event disarms it (EPOLLONESHOT), so that a descriptor that
// nobody waits for costs nothing.
class epoll_engine::waiters final : public epoll_source {
 public:
  waiters(int poll, int descriptor) noexcept : poll_(poll), descriptor_(descriptor) {}

  void event(std::uint32_t events) noexcept override {
    constexpr std::uint32_t broken = EPOLLERR | EPOLLHUP;
    if ((events & (EPOLLIN | EPOLLRDHUP | broken)) != 0) end(reader_);
    if ((events & (EPOLLOUT | broken)) != 0) end(writer_);
    if (!unused()) static_cast<void>(arm());
  }

  /// Tells epoll what is waited for. Returns errno.
  int arm() noexcept {
    epoll_event event{};
    event.events = EPOLLONESHOT;
    if (reader_ != nullptr) event.events |= EPOLLIN | EPOLLRDHUP;
    if (writer_ != nullptr) event.events |= EPOLLOUT;
    event.data.ptr = this;
    if (::epoll_ctl(poll_, EPOLL_CTL_MOD, descriptor_, &event) == 0) return 0;
    // New, or a number that was closed and stands for another file now.
    if (errno == ENOENT && ::epoll_ctl(poll_, EPOLL_CTL_ADD, descriptor_, &event) == 0) return 0;
    return errno;
  }

  void disarm() noexcept { ::epoll_ctl(poll_, EPOLL_CTL_DEL, descriptor_, nullptr); }

  readiness_operation*& slot(readiness what) noexcept {
    return what == readiness::readable ? reader_ : writer_;
  }

  bool unused() const noexcept { return reader_ == nullptr && writer_ == nullptr; }

 private:
  static void end(readiness_operation*& waiter) noexcept {
    if (readiness_operation* ended = std::exchange(waiter, nullptr)) ended->end();
  }

  int poll_;
  int descriptor_;
  readiness_operation* reader_ = nullptr;
  readiness_operation* writer_ = nullptr;
};

// Passes the edges of one descriptor on.
class epoll_engine::watched final : public epoll_source {
 public:
  explicit watched(descriptor_watch& watch) noexcept : watch_(watch) {}

  void event(std::uint32_t) noexcept override { watch_.ready(); }

 private:
  descriptor_watch& watch_;
};

// Edge-triggered: every write to the eventfd is an event, and nobody needs to read it.
class epoll_engine::waker final : public epoll_source {
 public:
  void event(std::uint32_t) noexcept override {}
};

result<std::unique_ptr<epoll_engine>> epoll_engine::open(duration spin) {
  descriptor_handle poll(::epoll_create1(EPOLL_CLOEXEC));
  if (!poll) return failure_from_errno(errno);
  descriptor_handle wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake) return failure_from_errno(errno);
  std::unique_ptr<epoll_engine> made(new epoll_engine(std::move(poll), std::move(wake), spin));
  if (const int error = made->add(made->wake_.get(), *made->waker_, EPOLLIN); error != 0) {
    return failure_from_errno(error);
  }
  return made;
}

epoll_engine::epoll_engine(descriptor_handle poll, descriptor_handle wake, duration spin)
    : poll_(std::move(poll)),
      wake_(std::move(wake)),
      spinner_(spin),
      waker_(std::make_unique<waker>()) {}

epoll_engine::~epoll_engine() = default;

instant epoll_engine::now() { return monotonic_now(); }

int epoll_engine::add(int descriptor, epoll_source& source, std::uint32_t events) noexcept {
  epoll_event event{};
  event.events = events | EPOLLET;
  event.data.ptr = &source;
  return ::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, descriptor, &event) == 0 ? 0 : errno;
}

void epoll_engine::wake() noexcept { ::eventfd_write(wake_.get(), 1); }

bool epoll_engine::poll(instant until) {
  if (spinner_.enabled() && until > now()) {
    const auto found = [this] { return wait(instant::min()) > 0; };
    if (spinner_.spin(until, [this] { return now(); }, found)) return true;
  }
  wait(until);
  return true;
}

int epoll_engine::wait(instant until) noexcept {
  std::array<epoll_event, 256> events;
  const int room = static_cast<int>(events.size());
  int count = 0;
  if (until == never) {
    count = ::epoll_wait(poll_.get(), events.data(), room, -1);
  } else if (until == instant::min()) {
    count = ::epoll_wait(poll_.get(), events.data(), room, 0);
  } else {
    count = wait_for(poll_.get(), events, std::max(until - now(), duration::zero()));
  }
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    static_cast<epoll_source*>(event.data.ptr)->event(event.events);
  }
  return count;
}

bool epoll_engine::start(readiness_operation& waiter) {
  std::unique_ptr<waiters>& entry = waiters_[waiter.descriptor()];
  if (!entry) entry = std::make_unique<waiters>(poll_.get(), waiter.descriptor());
  readiness_operation*& slot = entry->slot(waiter.what());
  if (slot != nullptr) {
    waiter.error = EALREADY;
    return true;
  }
  slot = &waiter;
  const int error = entry->arm();
  if (error == 0) return false;
  slot = nullptr;
  if (entry->unused()) waiters_.erase(waiter.descriptor());
  // Files on disk are always ready, and epoll refuses them: epoll_ctl(2), EPERM.
  if (error != EPERM) waiter.error = error;
  return true;
}

void epoll_engine::stop(readiness_operation& waiter) noexcept {
  const auto found = waiters_.find(waiter.descriptor());
  waiters& entry = *found->second;
  entry.slot(waiter.what()) = nullptr;
  if (entry.unused()) {
    entry.disarm();
    waiters_.erase(found);
  } else {
    static_cast<void>(entry.arm());
  }
  waiter.error = waiter.stop_error();
  waiter.end();
}

result<void> epoll_engine::watch(int descriptor, descriptor_watch& watch) {
  auto source = std::make_unique<watched>(watch);
  if (const int error = add(descriptor, *source, EPOLLIN | EPOLLOUT | EPOLLRDHUP); error != 0) {
    return failure_from_errno(error);
  }
  watched_.insert_or_assign(descriptor, std::move(source));
  return {};
}

void epoll_engine::unwatch(int descriptor, descriptor_watch&) noexcept {
  ::epoll_ctl(poll_.get(), EPOLL_CTL_DEL, descriptor, nullptr);
  watched_.erase(descriptor);
}

}  // namespace pentad
