// shielded(task): a clean-up that runs to its end although its parent was cancelled.
#pragma once

#include "pentad/runtime/task.hpp"

namespace pentad {

template <class T>
class [[nodiscard]] shielded_task final : public nested_task<T> {
 public:
  explicit shielded_task(task<T>&& body) noexcept : nested_task<T>(std::move(body), within()) {}

 private:
  void prepare(environment& inner) noexcept override { inner.why = stop_reason::none; }
  void stop() noexcept override {}
};

/// Runs `body` outside the cancellation of its parent. Give what it waits for deadlines: nothing
/// else ends it early.
template <class T>
shielded_task<T> shielded(task<T> body) {
  return shielded_task<T>(std::move(body));
}

}  // namespace pentad
