#include "pentad/runtime/blocking.hpp"

#include <gtest/gtest.h>
#include <sys/syscall.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <thread>

#include "pentad/runtime/sleep.hpp"
#include "tests/runtime/must.hpp"
#include "tests/runtime/real_loop.hpp"
#include "tests/runtime/virtual_loop.hpp"
#include "tests/stack/forbid_calls.hpp"

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

TEST(blocking_on_virtual_time, can_be_called_without_end) {
  virtual_loop world;
  const auto program = []() -> task<int> {
    int calls = 0;
    const auto call = [&] { ++calls; };
    for (int i = 0; i < 100'000; ++i) must(co_await blocking(call));
    co_return calls;
  };
  EXPECT_EQ(world.run(program()), 100'000);
}

TEST(blocking, throws_when_no_thread_can_be_started_and_leaves_the_task_usable) {
  for (const char* name : {"uring", "epoll"}) {
    expect_in_child([=] {
      const std::unique_ptr<engine> driver = make_engine(name);
      event_loop loop(*driver);
      forbid_calls({SYS_clone, SYS_clone3}, EAGAIN);
      bool called = false;
      const auto program = [&]() -> task<int> {
        const auto call = [&] { called = true; };
        int thrown = 0;
        for (int i = 0; i < 3; ++i) {
          try {
            must(co_await blocking(call));
          } catch (const std::system_error& error) {
            EXPECT_EQ(error.code(), std::errc::resource_unavailable_try_again);
            ++thrown;
          }
          must(co_await sleep(10us));
        }
        co_return thrown;
      };
      EXPECT_EQ(run(loop, program()), 3);
      EXPECT_FALSE(called);
    });
  }
}

}  // namespace
}  // namespace pentad::test
