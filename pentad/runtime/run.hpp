// From a plain function into coroutines and back.
#pragma once

#include <exception>
#include <utility>

#include "pentad/runtime/task.hpp"

namespace pentad {

/// The environment of a program's first task.
class main_environment : public environment {
 public:
  /// Runs the outermost coroutine, `start`, to its end. False if everybody waited and nothing could
  /// ever happen; then it was cancelled first.
  bool run_to_end(event_loop& on, std::coroutine_handle<> start);

 private:
  bool done_ = false;
};

/// Runs `body` on `loop` until it ends. Throws what it threw. When everybody waits and nothing can
/// ever happen (on virtual time), the task is cancelled, run to its end, and the result is
/// `resource_deadlock_would_occur`.
template <class T>
result<T> run(event_loop& loop, task<T> body) {
  main_environment top;
  const bool alive = top.run_to_end(loop, body.bind(top));
  if (top.error) std::rethrow_exception(top.error);
  if (!alive) return failure(std::errc::resource_deadlock_would_occur);
  if constexpr (std::is_void_v<T>) {
    return {};
  } else {
    return body.await_resume();
  }
}

}  // namespace pentad
