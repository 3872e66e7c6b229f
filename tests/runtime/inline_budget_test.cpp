// Whatever completes at once is counted: 64 inline steps, then the ready queue. So stacks do not
// grow, whatever the compiler does with tail calls, and nobody starves.

#include <gtest/gtest.h>

#include <vector>

#include "pentad/runtime/event.hpp"
#include "pentad/runtime/scope.hpp"
#include "pentad/runtime/sleep.hpp"
#include "tests/runtime/virtual_loop.hpp"

namespace pentad::test {
namespace {

task<int> value(int x) { co_return x; }

task<int> depth(int left) {
  if (left == 0) co_return 0;
  const int below = co_await depth(left - 1);
  co_return below + 1;
}

TEST(inline_budget, awaits_300000_tasks_in_a_row) {
  virtual_loop world;
  const auto program = []() -> task<std::int64_t> {
    std::int64_t sum = 0;
    for (int i = 0; i < 300'000; ++i) sum += co_await value(i);
    co_return sum;
  };
  EXPECT_EQ(world.run(program()), std::int64_t{300'000} * 299'999 / 2);
}

TEST(inline_budget, awaits_300000_operations_that_end_at_once) {
  virtual_loop world;
  const auto program = []() -> task<int> {
    event ready;
    int done = 0;
    for (int i = 0; i < 300'000; ++i) {
      ready.set();
      const result<void> waited = co_await ready.wait();
      done += waited ? 1 : 0;
    }
    co_return done;
  };
  EXPECT_EQ(world.run(program()), 300'000);
}

TEST(inline_budget, recurses_100000_tasks_deep) {
  virtual_loop world;
  EXPECT_EQ(world.run(depth(100'000)), 100'000);
}

TEST(inline_budget, throws_through_a_deep_recursion) {
  struct thrower {
    static task<int> down(int left) {
      if (left == 0) throw left;
      const int below = co_await down(left - 1);
      co_return below;
    }
  };
  virtual_loop world;
  EXPECT_THROW(static_cast<void>(world.run(thrower::down(10'000))), int);
}

// Two tasks that never have to wait take turns, at most 64 steps each.
TEST(inline_budget, lets_tasks_take_turns) {
  virtual_loop world;
  std::vector<int> steps;
  const auto program = [&]() -> task<> {
    const auto busy = [&](int id) -> task<> {
      for (int i = 0; i < 1000; ++i) {
        steps.push_back(id);
        co_await value(i);
      }
    };
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(busy(1));
      s.spawn(busy(2));
      co_return;
    });
  };
  ASSERT_TRUE(world.run(program()));
  int longest = 0;
  int current = 0;
  for (std::size_t i = 1; i < steps.size(); ++i) {
    // Until one has finished; then the other has the loop for itself.
    if (i >= 1900) break;
    current = steps[i] == steps[i - 1] ? current + 1 : 1;
    longest = std::max(longest, current);
  }
  EXPECT_LE(longest, 64);
  EXPECT_GE(longest, 16) << "and does not change over at every step";
}

// Time goes on at each look at the engine only: a timer that is never looked for never comes.
struct ticking_engine : engine {
  instant now() override { return time; }
  bool poll(instant until) override {
    time = std::max(time + 1ms, until == never ? time : until);
    return true;
  }
  void wake() noexcept override {}
  instant time{};
};

TEST(inline_budget, does_not_starve_a_timer) {
  ticking_engine engine;
  event_loop loop(engine);
  bool slept = false;
  const auto program = [&]() -> task<int> {
    int steps = 0;
    co_await in_scope([&](scope& s) -> task<> {
      const auto sleeper = [&]() -> task<> {
        co_await sleep(1ms);
        slept = true;
      };
      s.spawn(sleeper());
      while (!slept && steps < 10'000'000) {
        co_await value(1);
        ++steps;
      }
    });
    co_return steps;
  };
  const result<int> steps = run(loop, program());
  ASSERT_TRUE(steps);
  EXPECT_TRUE(slept);
  EXPECT_LT(*steps, 1024 * 64);
}

}  // namespace
}  // namespace pentad::test
