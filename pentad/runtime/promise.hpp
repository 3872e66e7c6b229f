// What every coroutine of Pentad has in common: it knows its environment, frames are pooled, and
// control moves without growing the stack.
#pragma once

#include <concepts>
#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

#include "pentad/runtime/environment.hpp"
#include "pentad/runtime/frame_pool.hpp"

namespace pentad {

struct promise_base {
  environment* env = nullptr;
  std::coroutine_handle<> continuation;  ///< who awaits; none for the outermost coroutine
  std::exception_ptr error;

  /// Where to go next: to `coroutine` at once, or through the ready queue when the budget of inline
  /// steps is spent.
  std::coroutine_handle<> transfer(std::coroutine_handle<> coroutine) noexcept {
    if (env->loop->spend()) return coroutine;
    env->resume_later(coroutine);
    return std::noop_coroutine();
  }

  struct final_awaiter {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) noexcept {
      promise_base& promise = ended.promise();
      if (promise.continuation) return promise.transfer(promise.continuation);
      environment& over = *promise.env;
      over.error = std::move(promise.error);
      over.finished(over);
      return std::noop_coroutine();
    }
    void await_resume() const noexcept {}
  };

  std::suspend_always initial_suspend() const noexcept { return {}; }
  final_awaiter final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { error = std::current_exception(); }

  static void* operator new(std::size_t size) { return frames.take(size); }
  static void operator delete(void* frame, std::size_t size) noexcept { frames.give(frame, size); }
};

template <class T>
struct promise_of : promise_base {
  std::optional<T> value;

  template <class U>
    requires std::convertible_to<U, T>
  void return_value(U&& returned) {
    value.emplace(std::forward<U>(returned));
  }
};

template <>
struct promise_of<void> : promise_base {
  void return_void() const noexcept {}
};

/// A coroutine of Pentad. Its awaitables take no other: a foreign one has no environment.
template <class Promise>
concept inherits_environment = std::derived_from<Promise, promise_base>;

}  // namespace pentad
