// Signals of the process (Ctrl-C, termination) as something to await.
#pragma once

#include <initializer_list>

#include "pentad/base/result.hpp"
#include "pentad/runtime/task.hpp"

namespace pentad {

/// While it exists, the given signals are blocked in this thread (and in threads that it starts
/// later) and wait to be taken by `next`. Make it before other threads, or one of those dies of the
/// signal. See signalfd(2).
class signal_set {
 public:
  explicit signal_set(std::initializer_list<int> signals);
  ~signal_set();
  signal_set(const signal_set&) = delete;
  signal_set& operator=(const signal_set&) = delete;

  /// The number of the next signal. Errors: `operation_canceled`, `operation_not_supported` on
  /// virtual time, those of signalfd(2).
  task<result<int>> next();

 private:
  int descriptor_ = -1;
  std::error_code failed_;
  unsigned char mask_before_[128];  // a sigset_t; signal.h stays out of public headers
};

}  // namespace pentad
