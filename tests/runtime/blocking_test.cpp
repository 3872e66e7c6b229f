#include "pentad/runtime/blocking.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>

#include "tests/runtime/must.hpp"
#include "tests/runtime/virtual_loop.hpp"

namespace pentad::test {
namespace {

TEST(blocking_on_virtual_time, calls_at_once_and_in_place) {
  virtual_loop world;
  const auto program = []() -> task<> {
    const std::thread::id here = std::this_thread::get_id();
    const auto call = [] { return std::this_thread::get_id(); };
    const std::thread::id there = must(co_await blocking(call));
    EXPECT_EQ(here, there);
  };
  must(world.run(program()));
  EXPECT_EQ(world.elapsed(), 0s);
}

TEST(blocking_on_virtual_time, gives_what_the_call_returns) {
  virtual_loop world;
  const auto program = []() -> task<std::string> {
    const auto call = [] { return std::string(100, 'x'); };
    std::string got = must(co_await blocking(call));
    co_return got;
  };
  EXPECT_EQ(world.run(program()), std::string(100, 'x'));
}

TEST(blocking_on_virtual_time, throws_what_the_call_throws) {
  virtual_loop world;
  const auto program = []() -> task<> {
    const auto call = [] { throw std::runtime_error("inside"); };
    must(co_await blocking(call));
  };
  EXPECT_THROW(static_cast<void>(world.run(program())), std::runtime_error);
}

}  // namespace
}  // namespace pentad::test
