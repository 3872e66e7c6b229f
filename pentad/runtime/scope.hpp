// Structured concurrency: tasks that run beside each other live in a scope, and a scope ends when
// the last of them has.
#pragma once

#include <concepts>
#include <exception>
#include <type_traits>
#include <utility>

#include "pentad/runtime/task.hpp"

namespace pentad {

/// A callable that may cross a co_await: GCC 12 destroys closures twice whose captures have
/// destructors. Capture references and plain values; name what owns something outside.
template <class Function>
concept plain_callable = std::is_trivially_destructible_v<std::remove_cvref_t<Function>>;

class scope {
 public:
  scope(const scope&) = delete;
  scope& operator=(const scope&) = delete;

  /// Starts `body` beside the others, from the ready queue. In a cancelled scope it starts
  /// cancelled. If it throws, its siblings are cancelled and the exception comes out of `in_scope`.
  void spawn(task<void> body);

  /// Cancels all tasks of the scope, its body included.
  void cancel() noexcept { stop(stop_reason::canceled); }
  bool canceled() const noexcept { return why_ != stop_reason::none; }

  /// How many tasks run, the body included.
  std::size_t size() const noexcept { return size_; }

 private:
  struct child;
  class join_operation;
  template <plain_callable Body>
    requires std::invocable<Body&, scope&>
  friend task<void> in_scope(Body body);

  explicit scope(const environment& parent) noexcept : loop_(parent.loop), why_(parent.why) {}
  ~scope() { assert(size_ == 0); }

  void stop(stop_reason reason) noexcept;
  void remove(child& ended) noexcept;
  static void finished(environment& ended) noexcept;
  static void destroy(ready_node& node) noexcept;

  event_loop* loop_;
  child* first_ = nullptr;
  join_operation* joiner_ = nullptr;
  std::size_t size_ = 0;
  std::exception_ptr error_;
  stop_reason why_;
};

class scope::join_operation final : public operation {
 public:
  explicit join_operation(scope& joined) noexcept : operation(within()), scope_(joined) {}

  bool await_ready() const noexcept { return false; }
  template <inherits_environment Promise>
  bool await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
    attach(*coroutine.promise().env, coroutine);
    scope_.joiner_ = this;
    return settle(scope_.size_ == 0);
  }
  void await_resume() const noexcept {}

 private:
  void stop() noexcept override { scope_.stop(why); }

  scope& scope_;
};

/// Awaits its own environment.
struct current_environment {
  environment* found = nullptr;
  bool await_ready() const noexcept { return false; }
  template <inherits_environment Promise>
  bool await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
    found = coroutine.promise().env;
    return false;
  }
  environment& await_resume() const noexcept { return *found; }
};

#if defined(__GNUC__) && !defined(__clang__)
// GCC warns of bodies that are closures of inline functions, which are harmless.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsubobject-linkage"
#endif
/// Opens a scope, the only way to do so, and runs `body(scope&)` in it as its first task. Ends when
/// all tasks of the scope have ended; then throws the first exception that one of them threw.
template <plain_callable Body>
  requires std::invocable<Body&, scope&>
task<void> in_scope(Body body) {
  environment& parent = co_await current_environment{};
  scope opened(parent);
  opened.spawn(body(opened));
  co_await scope::join_operation(opened);
  if (opened.error_) std::rethrow_exception(opened.error_);
}

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

}  // namespace pentad
