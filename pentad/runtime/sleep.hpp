// Waiting for time to pass, and letting others run first.
#pragma once

#include "pentad/runtime/operation.hpp"

namespace pentad {

/// Ends after its duration; with `operation_canceled` or `timed_out` where it is stopped before.
class [[nodiscard]] sleep_operation final : public operation {
 public:
  explicit sleep_operation(duration length) noexcept : operation(within(length)) {}

  bool await_ready() const noexcept { return false; }

  template <inherits_environment Promise>
  bool await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
    attach(*coroutine.promise().env, coroutine);
    return settle(refused());
  }

  result<void> await_resume() const noexcept {
    if (error != 0) return operation_failure(error);
    return {};
  }

 private:
  void stop() noexcept override {
    error = stop_error();
    end();
  }
  void expired() noexcept override { end(); }
};

inline sleep_operation sleep(duration length) noexcept { return sleep_operation(length); }

/// Lets all that is ready run before this coroutine goes on.
class [[nodiscard]] yield_operation {
 public:
  bool await_ready() const noexcept { return false; }
  template <inherits_environment Promise>
  void await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
    coroutine.promise().env->resume_later(coroutine);
  }
  void await_resume() const noexcept {}
};

inline yield_operation yield() noexcept { return {}; }

}  // namespace pentad
