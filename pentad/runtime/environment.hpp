// A thread of control: a spawned task, a branch of `when_any`, a timed task. It is in one place at
// a time (running, ready, or waiting for one operation), so its queue link, its deadline and the
// coroutine to resume live here once, and every coroutine below it holds one pointer to it.
#pragma once

#include <coroutine>
#include <cstdint>
#include <exception>

#include "pentad/runtime/event_loop.hpp"

namespace pentad {

class operation;

/// Why an operation was told to stop: the first reason wins.
enum class stop_reason : std::uint8_t { none, timed_out, canceled };

struct environment : ready_node, timer_node {
  /// Makes it part of another thread of control: on its loop, cancelled if that is.
  void inherit(const environment& parent) noexcept {
    loop = parent.loop;
    why = parent.why;
  }

  /// Cancels the thread of control: its operation in flight is told to stop, later ones do not
  /// start.
  void stop(stop_reason reason) noexcept;

  /// Resumes `coroutine` from the ready queue.
  void resume_later(std::coroutine_handle<> coroutine) noexcept {
    waiter = coroutine;
    run = [](ready_node& node) { static_cast<environment&>(node).waiter.resume(); };
    loop->push(*this);
  }

  event_loop* loop = nullptr;
  operation* current = nullptr;                       ///< what it waits for
  std::coroutine_handle<> waiter;                     ///< the coroutine that goes on after that
  void (*finished)(environment&) noexcept = nullptr;  ///< its outermost coroutine has ended
  std::exception_ptr error;                           ///< what that coroutine threw
  stop_reason why = stop_reason::none;
};

}  // namespace pentad
