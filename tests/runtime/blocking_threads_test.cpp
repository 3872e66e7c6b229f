#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <stdexcept>
#include <string>
#include <thread>

#include "pentad/runtime/blocking.hpp"
#include "pentad/runtime/event.hpp"
#include "pentad/runtime/sleep.hpp"
#include "pentad/runtime/when.hpp"
#include "tests/runtime/real_loop.hpp"

namespace pentad::test {
namespace {

using blocking_ = on_each_engine;
INSTANTIATE_TEST_SUITE_P(, blocking_, testing::Values("uring", "epoll"), engine_name);

TEST_P(blocking_, calls_on_another_thread_and_comes_back) {
  const auto program = []() -> task<> {
    const std::thread::id here = std::this_thread::get_id();
    const auto call = [] { return std::this_thread::get_id(); };
    const std::thread::id there = must(co_await blocking(call));
    EXPECT_NE(here, there);
    EXPECT_EQ(here, std::this_thread::get_id());
  };
  must(run(program()));
}

TEST_P(blocking_, gives_what_the_call_returns_or_throws) {
  const auto program = []() -> task<> {
    int touched = 0;
    const auto nothing = [&] { ++touched; };
    must(co_await blocking(nothing));
    EXPECT_EQ(touched, 1);
    const auto text = [] { return std::string(1000, 'x'); };
    const std::string got = must(co_await blocking(text));
    EXPECT_EQ(got, std::string(1000, 'x'));
    const auto thrower = []() -> int { throw std::runtime_error("inside"); };
    std::string caught;
    try {
      must(co_await blocking(thrower));
    } catch (const std::runtime_error& error) {
      caught = error.what();
    }
    EXPECT_EQ(caught, "inside");
  };
  must(run(program()));
}

TEST_P(blocking_, keeps_the_loop_running_meanwhile) {
  const auto program = []() -> task<> {
    std::atomic<bool> released = false;
    const auto call = [&] { released.wait(false); };
    const auto releaser = [&]() -> task<> {
      for (int i = 0; i < 100; ++i) must(co_await sleep(10us));
      released = true;
      released.notify_all();
    };
    auto ended = co_await when_all(blocking(call), releaser());
    EXPECT_EQ(ended.index, 1U);
  };
  must(run(program()));
}

TEST_P(blocking_, runs_several_calls_at_once) {
  const auto program = []() -> task<> {
    std::barrier meeting(4);  // ends only if all four are there
    const auto call = [&] { meeting.arrive_and_wait(); };
    static_cast<void>(
        co_await when_all(blocking(call), blocking(call), blocking(call), blocking(call)));
  };
  must(run(program()));
}

TEST_P(blocking_, serves_more_calls_than_it_has_threads) {
  const auto program = []() -> task<> {
    std::atomic<int> calls = 0;
    const auto call = [&] { calls.fetch_add(1, std::memory_order_relaxed); };
    const auto caller = [&]() -> task<> { must(co_await blocking(call)); };
    co_await in_scope([&](scope& s) -> task<> {
      for (int i = 0; i < 1000; ++i) s.spawn(caller());
      co_return;
    });
    EXPECT_EQ(calls.load(), 1000);
  };
  must(run(program()));
}

// The call uses the frame of its caller, so nothing ends the wait but its return.
TEST_P(blocking_, is_waited_for_when_it_is_cancelled) {
  const auto program = []() -> task<> {
    std::atomic<bool> released = false;
    bool returned = false;
    const auto call = [&] {
      released.wait(false);
      returned = true;
      return 5;
    };
    const auto caller = [&]() -> task<> {
      const int got = must(co_await blocking(call));
      EXPECT_EQ(got, 5) << "the outcome decides";
    };
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(caller());
      co_await yield();
      s.cancel();
      released = true;
      released.notify_all();
    });
    EXPECT_TRUE(returned);
  };
  must(run(program()));
}

}  // namespace
}  // namespace pentad::test
