#include "pentad/runtime/sleep.hpp"

#include <gtest/gtest.h>

#include <string>

#include "pentad/runtime/scope.hpp"
#include "tests/runtime/must.hpp"
#include "tests/runtime/virtual_loop.hpp"

namespace pentad::test {
namespace {

TEST(sleep, ends_after_its_duration) {
  virtual_loop world;
  const auto program = [&]() -> task<> {
    must(co_await sleep(1500ms));
    EXPECT_EQ(world.elapsed(), 1500ms);
    must(co_await sleep(1ns));
    EXPECT_EQ(world.elapsed(), 1500ms + 1ns);
  };
  EXPECT_TRUE(world.run(program()));
}

TEST(sleep, of_nothing_or_less_ends_in_this_moment_after_all_that_is_ready) {
  virtual_loop world;
  std::string order;
  const auto program = [&]() -> task<> {
    const auto other = [&]() -> task<> {
      order += 'a';
      co_return;
    };
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(other());
      must(co_await sleep(0ns));
      order += 'b';
      must(co_await sleep(-5s));
      order += 'c';
    });
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(order, "abc");
  EXPECT_EQ(world.elapsed(), 0ns);
}

TEST(sleep, ends_in_the_order_of_time_then_of_starting) {
  virtual_loop world;
  std::string order;
  const auto program = [&]() -> task<> {
    const auto one = [&](duration length, char name) -> task<> {
      must(co_await sleep(length));
      order += name;
    };
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(one(2s, 'c'));
      s.spawn(one(1s, 'a'));
      s.spawn(one(2s, 'd'));
      s.spawn(one(1s, 'b'));
      co_return;
    });
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(order, "abcd");
}

TEST(sleep, can_be_longer_than_time_itself) {
  virtual_loop world;
  const auto program = []() -> task<> {
    const auto forever = []() -> task<> {
      const result<void> almost = co_await sleep(duration::max() - 1ns);
      EXPECT_EQ(error_of(almost), std::errc::timed_out);
    };
    must(co_await sleep(1h));
    co_await forever().timeout(1h);
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(world.elapsed(), 2h);
}

TEST(sleep, counts_from_the_moment_it_starts) {
  // A coroutine that computes for long does not start its next sleep in the past.
  struct slow_engine : engine {
    instant now() override { return time; }
    bool poll(instant until) override {
      if (until == never) return false;
      time = std::max(time, until);
      return true;
    }
    void wake() noexcept override {}
    instant time{};
  } engine;
  event_loop loop(engine);
  const auto program = [&]() -> task<> {
    engine.time += 100ms;
    must(co_await sleep(10ms));
    EXPECT_EQ(engine.time, instant(110ms));
  };
  EXPECT_TRUE(run(loop, program()));
}

TEST(yield, lets_all_that_is_ready_run_first) {
  virtual_loop world;
  std::string order;
  const auto program = [&]() -> task<> {
    const auto other = [&](char name) -> task<> {
      order += name;
      co_await yield();
      order += name;
    };
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(other('a'));
      s.spawn(other('b'));
      co_await yield();
      order += 'x';
      co_await yield();
      order += 'y';
    });
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(order, "abxaby");
}

}  // namespace
}  // namespace pentad::test
