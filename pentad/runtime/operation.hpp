// Operations: what a coroutine waits for. An operation is an immovable awaiter in the frame of the
// coroutine that awaits it; it holds its request, its result and its duration, nothing else.
#pragma once

#include <cassert>
#include <cerrno>
#include <coroutine>

#include "pentad/base/result.hpp"
#include "pentad/runtime/promise.hpp"

namespace pentad {

/// How long an operation may take, as a parameter: `receive(buffer, within(2s))`. Without a
/// duration, as long as it takes.
struct within {
  constexpr within() = default;
  constexpr explicit within(duration most) : limit(most) {}
  duration limit = duration::max();
};

class operation {
 public:
  operation(const operation&) = delete;
  operation& operator=(const operation&) = delete;

  /// Asks whoever works on the operation to end it. It still ends once, with its outcome.
  void request_stop(stop_reason reason) noexcept {
    if (why != stop_reason::none) return;
    why = reason;
    stop();
  }

  /// Ends the operation, its result in place: its coroutine goes on from the ready queue.
  void end() noexcept {
    detach();
    env->resume_later(env->waiter);
  }

  /// Ends the operation from within the ready queue: its coroutine goes on at once.
  void resume() {
    detach();
    env->waiter.resume();
  }

  /// errno for an operation that was stopped.
  int stop_error() const noexcept { return why == stop_reason::timed_out ? ETIMEDOUT : ECANCELED; }

  environment* env = nullptr;  ///< set when it starts
  int error = 0;               ///< errno; 0 is success
  stop_reason why = stop_reason::none;
  bool queued = false;  ///< its stack has put it on the ready queue to be carried out

 protected:
  explicit operation(within limit) noexcept : limit_(limit.limit) {}

  // A frame that dies under an operation in flight would leave its stack with a dangling pointer.
  ~operation() { assert(env == nullptr || env->current != this); }

  virtual void stop() noexcept = 0;
  virtual void expired() noexcept { request_stop(stop_reason::timed_out); }

  duration limit() const noexcept { return limit_; }

  void attach(environment& to, std::coroutine_handle<> waiter) noexcept {
    env = &to;
    to.waiter = waiter;
  }

  // An operation that starts in a cancelled environment ends at once and touches nothing.
  bool refused() noexcept {
    if (env->why == stop_reason::none) return false;
    why = env->why;
    error = stop_error();
    return true;
  }

  // Stays suspended until `end` or `resume`.
  void park() noexcept {
    env->current = this;
    if (limit_ == duration::max()) return;
    env->at = later(env->loop->now(), limit_);
    env->fire = [](timer_node& node) { static_cast<environment&>(node).current->expired(); };
    env->loop->timers().insert(*env);
  }

  // Returned from await_suspend: whether the coroutine stays suspended.
  bool settle(bool ended) noexcept {
    if (!ended) {
      park();
      return true;
    }
    if (env->loop->spend()) return false;
    env->resume_later(env->waiter);
    return true;
  }

 private:
  void detach() noexcept {
    env->current = nullptr;
    env->loop->timers().erase(*env);
  }

  duration limit_;
};

inline void environment::stop(stop_reason reason) noexcept {
  if (why != stop_reason::none) return;
  why = reason;
  if (current != nullptr) current->request_stop(reason);
}

/// Makes `Base`, a kind of operation, awaitable. `Derived` has `bool start()`, true when it ended
/// at once, a constructor `Derived(const Derived&, within)` that makes the same request with a
/// limit, and its result in `await_resume`.
template <class Derived, class Base = operation>
class awaitable : public Base {
 public:
  bool await_ready() const noexcept { return false; }

  template <inherits_environment Promise>
  bool await_suspend(std::coroutine_handle<Promise> coroutine) {
    this->attach(*coroutine.promise().env, coroutine);
    return this->settle(this->refused() || static_cast<Derived&>(*this).start());
  }

  /// The same operation with a deadline of its own, `limit` after it starts. When that passes first
  /// it ends with `timed_out`. (A new operation by value: GCC 12 copies awaiters returned by
  /// reference.)
  Derived timeout(duration limit) && {
    return Derived(static_cast<const Derived&>(*this), within(limit));
  }

 protected:
  using Base::Base;
  explicit awaitable(within limit) noexcept
    requires std::same_as<Base, operation>
      : Base(limit) {}
};

/// The result of an operation that failed with `error`, an errno.
inline std::unexpected<std::error_code> operation_failure(int error) noexcept {
  return std::unexpected(std::error_code(error, std::generic_category()));
}

}  // namespace pentad
