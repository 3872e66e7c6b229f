// Loops on each of Linux's engines, by name, for tests that run on both.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "pentad/runtime/epoll_engine.hpp"
#include "pentad/runtime/run.hpp"
#include "pentad/runtime/uring_engine.hpp"
#include "tests/runtime/must.hpp"

namespace pentad::test {

using namespace std::chrono_literals;

inline std::unique_ptr<engine> make_engine(const std::string& name) {
  if (name == "uring") return must(uring_engine::open(duration::zero()));
  return must(epoll_engine::open(duration::zero()));
}

/// A test of what both engines do alike.
class on_each_engine : public testing::TestWithParam<const char*> {
 protected:
  template <class T>
  result<T> run(task<T> program) {
    return pentad::run(loop_, std::move(program));
  }

  event_loop& loop() { return loop_; }

 private:
  std::unique_ptr<engine> engine_ = make_engine(GetParam());
  event_loop loop_{*engine_};
};

inline std::string engine_name(const testing::TestParamInfo<const char*>& info) {
  return info.param;
}

}  // namespace pentad::test
