// Events through io_uring(7). Not part of the installed headers.
#pragma once

#include <liburing.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <unordered_set>
#include <vector>

#include "pentad/base/result.hpp"
#include "pentad/runtime/descriptor.hpp"
#include "pentad/runtime/descriptor_handle.hpp"
#include "pentad/runtime/engine.hpp"
#include "pentad/runtime/spinner.hpp"

namespace pentad {

/// Who asked for a completion. `kind` tells its requests apart, 0 to 6; it has one of each in
/// flight at most. It must outlive them, and only queues what is to run.
class alignas(8) uring_source {
 public:
  virtual void completed(unsigned kind, int result, unsigned flags) noexcept = 0;

 protected:
  ~uring_source() = default;
};

class uring_engine final : public engine, public descriptor_engine {
 public:
  /// `spin`: how long to look for completions before sleeping, at most. Errors:
  /// `operation_not_permitted` where io_uring is forbidden, `function_not_supported` where it is
  /// missing or lacks something that Pentad needs, others of io_uring_setup(2).
  static result<std::unique_ptr<uring_engine>> open(duration spin);
  ~uring_engine() override;

  instant now() override;
  bool poll(instant until) override;
  void wake() noexcept override;
  descriptor_engine* descriptors() noexcept override { return this; }

  bool start(readiness_operation& waiter) override;
  void stop(readiness_operation& waiter) noexcept override;
  result<void> watch(int descriptor, descriptor_watch& watch) override;
  void unwatch(int descriptor, descriptor_watch& watch) noexcept override;

  /// Whether the kernel knows the operation, IORING_OP_*.
  bool supports(int operation) noexcept;

  /// A request to fill with an `io_uring_prep_` function and then to `submit`. Never fails: when
  /// the ring is full it is flushed, and what even then has no room waits in memory.
  io_uring_sqe& request() noexcept;

  /// Says whom the completion is for. The kernel sees the request at the next poll.
  void submit(io_uring_sqe& filled, uring_source& source, unsigned kind) noexcept {
    filled.user_data = tag(source, kind);
    ++in_flight_;
  }

  /// Asks for the end of that request, which is in flight. It still completes once.
  void cancel(uring_source& source, unsigned kind) noexcept { cancel(tag(source, kind)); }

  /// That request has done its work and cannot be ended any more, though another completion comes.
  void is_past_cancelling(uring_source& source, unsigned kind) noexcept {
    if (!cancelling_.empty()) std::erase(cancelling_, tag(source, kind));
  }

  /// Waits until nothing is in flight: what is released must have been cancelled.
  void drain();

  io_uring& ring() noexcept { return ring_; }

 private:
  static constexpr std::uint64_t kind_mask = 7;
  // In the name of a request to cancel the request of the rest of that name: no address has it.
  static constexpr std::uint64_t cancel_mark = std::uint64_t{1} << 63;
  static constexpr unsigned descriptor_kind = 7;  // a readiness_operation instead of a source

  class waker;
  class watched;

  explicit uring_engine(descriptor_handle wake, duration spin);

  static std::uint64_t tag(uring_source& source, unsigned kind) noexcept {
    return reinterpret_cast<std::uintptr_t>(&source) | kind;
  }
  static std::uint64_t tag(readiness_operation& waiter) noexcept {
    return reinterpret_cast<std::uintptr_t>(&waiter) | descriptor_kind;
  }
  static std::uint64_t key_of(const readiness_operation& waiter) noexcept {
    return std::uint64_t{static_cast<unsigned>(waiter.descriptor())} << 1 |
           static_cast<unsigned>(waiter.what());
  }

  void cancel(std::uint64_t tagged) noexcept;
  void ask_to_cancel(std::uint64_t tagged) noexcept;
  void cancel_failed(std::uint64_t tagged, int result) noexcept;
  void enter(instant until) noexcept;
  void flush_overflow() noexcept;
  bool has_completions() const noexcept;
  void dispatch() noexcept;
  void dispatch(const io_uring_cqe& completion) noexcept;

  io_uring ring_;
  bool ring_is_open_ = false;
  std::size_t in_flight_ = 0;
  std::vector<std::uint64_t> cancelling_;  // in flight, and to be cancelled
  std::deque<io_uring_sqe> overflow_;
  std::unordered_set<std::uint64_t> awaited_;  // what of which descriptor somebody waits for
  descriptor_handle wake_;
  spinner spinner_;
  std::unique_ptr<waker> waker_;
  std::vector<std::unique_ptr<watched>> watched_;
};

}  // namespace pentad
