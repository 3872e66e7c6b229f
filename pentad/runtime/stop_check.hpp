// Whether the one who asks is still wanted.
#pragma once

#include "pentad/base/result.hpp"
#include "pentad/runtime/promise.hpp"

namespace pentad {

/// Awaited at no cost. Errors: `operation_canceled` or `timed_out`, when the thread of control has
/// been stopped for that reason; then no operation of it starts any more.
class [[nodiscard]] stop_check {
 public:
  bool await_ready() const noexcept { return false; }

  template <inherits_environment Promise>
  bool await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
    why_ = coroutine.promise().env->why;
    return false;
  }

  result<void> await_resume() const noexcept {
    if (why_ == stop_reason::none) return {};
    return failure(why_ == stop_reason::timed_out ? std::errc::timed_out
                                                  : std::errc::operation_canceled);
  }

 private:
  stop_reason why_ = stop_reason::none;
};

}  // namespace pentad
