// task<T>: a coroutine that starts when it is awaited and inherits the environment (loop,
// cancellation) of the one that awaits it.
#pragma once

#include <coroutine>
#include <exception>
#include <utility>

#include "pentad/runtime/operation.hpp"

namespace pentad {

template <class T>
class timed_task;

template <class T = void>
class [[nodiscard]] task {
 public:
  struct promise_type : promise_of<T> {
    task get_return_object() noexcept {
      return task(std::coroutine_handle<promise_type>::from_promise(*this));
    }
  };

  task(task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, nullptr)) {}
  task& operator=(task&& other) noexcept {
    std::swap(coroutine_, other.coroutine_);
    return *this;
  }
  ~task() {
    if (coroutine_) coroutine_.destroy();
  }

  bool await_ready() const noexcept { return false; }

  template <inherits_environment Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> parent) noexcept {
    promise_base& mine = coroutine_.promise();
    mine.env = parent.promise().env;
    mine.continuation = parent;
    return mine.transfer(coroutine_);
  }

  /// What the coroutine returned; throws what it threw.
  T await_resume() {
    promise_type& promise = coroutine_.promise();
    if (promise.error) std::rethrow_exception(promise.error);
    if constexpr (!std::is_void_v<T>) return std::move(*promise.value);
  }

  /// The task with a deadline: when it passes, what the task waits for ends with `timed_out`, and
  /// so does all that it starts later. The task itself says what comes of that.
  timed_task<T> timeout(duration limit) &&;

  /// Makes the task the outermost coroutine of `env`, for those who run tasks; it starts when the
  /// returned handle is resumed.
  std::coroutine_handle<> bind(environment& env) noexcept {
    coroutine_.promise().env = &env;
    return coroutine_;
  }

 private:
  explicit task(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}

  static_assert(alignof(promise_of<T>) <= 16, "frames are aligned to 16 bytes");

  std::coroutine_handle<promise_type> coroutine_;
};

/// A task in an environment of its own, so that it can be stopped without its parent, or the other
/// way round.
template <class T>
class nested_task : public operation {
 public:
  bool await_ready() const noexcept { return false; }

  template <inherits_environment Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> parent) noexcept {
    attach(*parent.promise().env, parent);
    inner_.owner = this;
    inner_.inherit(*env);
    prepare(inner_);
    inner_.finished = [](environment& ended) noexcept {
      static_cast<inner_environment&>(ended).owner->end();
    };
    park();
    const std::coroutine_handle<> start = body_.bind(inner_);
    if (env->loop->spend()) return start;
    inner_.resume_later(start);
    return std::noop_coroutine();
  }

  T await_resume() {
    if (inner_.error) std::rethrow_exception(inner_.error);
    return body_.await_resume();
  }

 protected:
  nested_task(task<T>&& body, within limit) noexcept : operation(limit), body_(std::move(body)) {}
  ~nested_task() = default;

  virtual void prepare(environment&) noexcept {}

  void stop_inner(stop_reason reason) noexcept { inner_.environment::stop(reason); }

 private:
  struct inner_environment : environment {
    nested_task* owner = nullptr;
  };

  inner_environment inner_;
  task<T> body_;
};

/// What `task::timeout` returns.
template <class T>
class [[nodiscard]] timed_task final : public nested_task<T> {
 public:
  timed_task(task<T>&& body, within limit) noexcept : nested_task<T>(std::move(body), limit) {}

 private:
  void stop() noexcept override { this->stop_inner(this->why); }
  // A deadline inside does not make the operation itself stopped: a cancel may still come.
  void expired() noexcept override { this->stop_inner(stop_reason::timed_out); }
};

template <class T>
timed_task<T> task<T>::timeout(duration limit) && {
  return timed_task<T>(std::move(*this), within(limit));
}

}  // namespace pentad
