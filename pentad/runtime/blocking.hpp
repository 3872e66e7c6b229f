// blocking(f): a call that blocks, on another thread, awaited like an operation.
#pragma once

#include <concepts>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "pentad/runtime/scope.hpp"

namespace pentad {

/// Runs a job on the loop's worker threads; on virtual time, where no other thread may decide when
/// something happens, at once and in place.
class blocking_operation_base : public operation {
 public:
  /// Whether the job is done already. Throws if no thread can be started.
  bool launch();

 protected:
  struct job_node : ready_node {
    blocking_operation_base* owner = nullptr;
  };

  blocking_operation_base() noexcept : operation(within()) {}
  ~blocking_operation_base() = default;

  virtual void call() noexcept = 0;
  // The call itself cannot be stopped, and it may use the caller's frame: wait for its end.
  void stop() noexcept override {}

 private:
  job_node job_;
};

template <std::invocable Function>
class [[nodiscard]] blocking_operation final : public blocking_operation_base {
  using returned = std::invoke_result_t<Function&>;
  using kept = std::conditional_t<std::is_void_v<returned>, std::monostate, returned>;

 public:
  explicit blocking_operation(Function function) noexcept : function_(function) {}

  bool await_ready() const noexcept { return false; }
  template <inherits_environment Promise>
  bool await_suspend(std::coroutine_handle<Promise> coroutine) {
    attach(*coroutine.promise().env, coroutine);
    return settle(refused() || launch());
  }

  result<returned> await_resume() {
    if (thrown_) std::rethrow_exception(thrown_);
    if (error != 0) return operation_failure(error);
    if constexpr (std::is_void_v<returned>) {
      return {};
    } else {
      return std::move(*value_);
    }
  }

 private:
  void call() noexcept override {
    try {
      if constexpr (std::is_void_v<returned>) {
        function_();
      } else {
        value_.emplace(function_());
      }
    } catch (...) {
      thrown_ = std::current_exception();
    }
  }

  Function function_;
  std::optional<kept> value_;
  std::exception_ptr thrown_;
};

/// Calls `function()` on a thread where it may block, and gives what it returned; throws what it
/// threw. In a cancelled environment it is not called and ends with `operation_canceled`; once
/// called it is waited for.
template <std::invocable Function>
  requires plain_callable<Function>
blocking_operation<Function> blocking(Function function) {
  return blocking_operation<Function>(function);
}

}  // namespace pentad
