// A loop on virtual time: sleeps cost nothing, and their order is exact.
#pragma once

#include "pentad/runtime/run.hpp"
#include "pentad/runtime/virtual_engine.hpp"

namespace pentad::test {

using namespace std::chrono_literals;

class virtual_loop {
 public:
  /// The outcome of `program`, run to its end.
  template <class T>
  result<T> run(task<T> program) {
    return pentad::run(loop_, std::move(program));
  }

  /// Time since the start.
  duration elapsed() { return engine_.now() - instant{}; }

  event_loop& loop() { return loop_; }

 private:
  virtual_engine engine_;
  event_loop loop_{engine_};
};

}  // namespace pentad::test
