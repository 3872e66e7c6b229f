#include "pentad/runtime/run.hpp"

#include <gtest/gtest.h>

#include "pentad/runtime/event.hpp"
#include "pentad/runtime/scope.hpp"
#include "pentad/runtime/shielded.hpp"
#include "pentad/runtime/sleep.hpp"
#include "tests/runtime/must.hpp"
#include "tests/runtime/virtual_loop.hpp"

namespace pentad::test {
namespace {

TEST(run, can_be_called_again_on_the_same_loop) {
  virtual_loop world;
  const auto program = [](int x) -> task<int> {
    must(co_await sleep(1s));
    co_return x;
  };
  EXPECT_EQ(world.run(program(1)), 1);
  EXPECT_EQ(world.run(program(2)), 2);
  EXPECT_EQ(world.elapsed(), 2s);
}

TEST(run, throws_what_the_program_throws) {
  virtual_loop world;
  const auto program = []() -> task<> {
    must(co_await sleep(1s));
    throw std::runtime_error("out");
  };
  EXPECT_THROW(static_cast<void>(world.run(program())), std::runtime_error);
}

TEST(virtual_engine, finds_a_program_that_is_stuck) {
  virtual_loop world;
  bool ended = false;
  const auto program = [&]() -> task<> {
    event never_set;
    must(co_await sleep(1h));
    const result<void> waited = co_await never_set.wait();
    EXPECT_EQ(error_of(waited), std::errc::operation_canceled);
    ended = true;
  };
  const result<void> outcome = world.run(program());
  EXPECT_EQ(error_of(outcome), std::errc::resource_deadlock_would_occur);
  EXPECT_TRUE(ended) << "it was cancelled and ran to its end";
  EXPECT_EQ(world.elapsed(), 1h);
}

TEST(virtual_engine, finds_tasks_that_wait_for_each_other) {
  virtual_loop world;
  const auto program = []() -> task<> {
    event first;
    event second;
    const auto waits = [](event& awaited, event& other) -> task<> {
      const result<void> waited = co_await awaited.wait();
      EXPECT_EQ(error_of(waited), std::errc::operation_canceled);
      other.set();
    };
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(waits(first, second));
      s.spawn(waits(second, first));
      co_return;
    });
  };
  EXPECT_EQ(error_of(world.run(program())), std::errc::resource_deadlock_would_occur);
}

TEST(virtual_engine, lets_time_pass_in_the_clean_up_of_a_stuck_program) {
  virtual_loop world;
  bool cleaned = false;
  const auto program = [&]() -> task<> {
    event never_set;
    static_cast<void>(co_await never_set.wait());
    const auto clean_up = [&]() -> task<> {
      must(co_await sleep(1s));
      cleaned = true;
    };
    co_await shielded(clean_up());
  };
  EXPECT_EQ(error_of(world.run(program())), std::errc::resource_deadlock_would_occur);
  EXPECT_TRUE(cleaned);
}

TEST(virtual_engine, spends_no_real_time) {
  virtual_loop world;
  const auto program = []() -> task<> { must(co_await sleep(24h * 365)); };
  const auto before = std::chrono::steady_clock::now();
  EXPECT_TRUE(world.run(program()));
  EXPECT_LT(std::chrono::steady_clock::now() - before, 10s);
  EXPECT_EQ(world.elapsed(), 24h * 365);
}

}  // namespace
}  // namespace pentad::test
