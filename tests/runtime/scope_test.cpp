#include "pentad/runtime/scope.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "pentad/runtime/event.hpp"
#include "pentad/runtime/sleep.hpp"
#include "tests/runtime/must.hpp"
#include "tests/runtime/virtual_loop.hpp"

namespace pentad::test {
namespace {

// Sleeps, and writes down how that ended.
task<> sleeper(duration length, std::vector<std::error_code>& ends) {
  const result<void> slept = co_await sleep(length);
  ends.push_back(error_of(slept));
}

task<> thrower(duration after, const char* what) {
  static_cast<void>(co_await sleep(after));
  throw std::runtime_error(what);
}

TEST(scope, ends_when_the_last_of_its_tasks_has) {
  virtual_loop world;
  std::vector<std::error_code> ends;
  const auto program = [&]() -> task<> {
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(sleeper(1s, ends));
      s.spawn(sleeper(3s, ends));
      s.spawn(sleeper(2s, ends));
      co_return;
    });
    EXPECT_EQ(ends, std::vector<std::error_code>(3));
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(world.elapsed(), 3s);
}

TEST(scope, may_have_no_tasks_but_its_body) {
  virtual_loop world;
  bool ran = false;
  const auto program = [&]() -> task<> {
    co_await in_scope([&](scope& s) -> task<> {
      EXPECT_EQ(s.size(), 1U);
      ran = true;
      co_return;
    });
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_TRUE(ran);
}

TEST(scope, runs_tasks_from_the_ready_queue_in_the_order_of_spawning) {
  virtual_loop world;
  std::string ran;
  const auto step = [&](char name) -> task<> {
    ran += name;
    co_return;
  };
  const auto program = [&]() -> task<> {
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(step('b'));
      s.spawn(step('c'));
      EXPECT_EQ(s.size(), 3U);
      ran += 'a';
      co_return;
    });
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(ran, "abc");
}

TEST(scope, lets_its_tasks_spawn_more) {
  virtual_loop world;
  int leaves = 0;
  struct tree {
    static task<> grow(scope& s, int height, int& leaves) {
      if (height == 0) {
        ++leaves;
        co_return;
      }
      s.spawn(grow(s, height - 1, leaves));
      s.spawn(grow(s, height - 1, leaves));
    }
  };
  const auto program = [&]() -> task<> {
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(tree::grow(s, 10, leaves));
      co_return;
    });
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(leaves, 1024);
}

TEST(scope, frees_a_task_as_soon_as_it_has_ended) {
  virtual_loop world;
  const auto shared = std::make_shared<int>(1);
  const auto keep = [](std::shared_ptr<int> kept) -> task<> {
    static_cast<void>(kept);
    co_return;
  };
  const auto program = [&]() -> task<> {
    co_await in_scope([&](scope& s) -> task<> {
      for (int i = 0; i < 100; ++i) s.spawn(keep(shared));
      EXPECT_EQ(shared.use_count(), 101);
      static_cast<void>(co_await sleep(1s));
      EXPECT_EQ(shared.use_count(), 1);
      EXPECT_EQ(s.size(), 1U);
    });
  };
  EXPECT_TRUE(world.run(program()));
}

TEST(scope, cancels_its_tasks_and_its_body) {
  virtual_loop world;
  std::vector<std::error_code> ends;
  const auto program = [&]() -> task<> {
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(sleeper(1h, ends));
      s.spawn(sleeper(2h, ends));
      static_cast<void>(co_await sleep(1s));
      EXPECT_FALSE(s.canceled());
      s.cancel();
      EXPECT_TRUE(s.canceled());
      const result<void> mine = co_await sleep(1h);
      EXPECT_EQ(error_of(mine), std::errc::operation_canceled);
    });
    const result<void> after = co_await sleep(1s);
    EXPECT_TRUE(after) << "what surrounds the scope is not cancelled";
  };
  EXPECT_TRUE(world.run(program()));
  const std::error_code canceled = std::make_error_code(std::errc::operation_canceled);
  EXPECT_EQ(ends, (std::vector{canceled, canceled}));
  EXPECT_EQ(world.elapsed(), 2s);
}

TEST(scope, starts_a_task_cancelled_that_is_spawned_after_the_cancel) {
  virtual_loop world;
  std::vector<std::error_code> ends;
  const auto program = [&]() -> task<> {
    co_await in_scope([&](scope& s) -> task<> {
      s.cancel();
      s.spawn(sleeper(1h, ends));
      co_return;
    });
  };
  EXPECT_TRUE(world.run(program()));
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0], std::errc::operation_canceled);
}

TEST(scope, is_cancelled_with_the_scope_around_it) {
  virtual_loop world;
  std::vector<std::error_code> ends;
  const auto inner = [&]() -> task<> {
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(sleeper(1h, ends));
      static_cast<void>(co_await sleep(1h));
    });
    const result<void> after = co_await sleep(1s);
    EXPECT_EQ(error_of(after), std::errc::operation_canceled);
  };
  const auto program = [&]() -> task<> {
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(inner());
      static_cast<void>(co_await sleep(1s));
      s.cancel();
    });
  };
  EXPECT_TRUE(world.run(program()));
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0], std::errc::operation_canceled);
  EXPECT_EQ(world.elapsed(), 1s);
}

TEST(scope, starts_cancelled_in_a_cancelled_environment) {
  virtual_loop world;
  std::vector<std::error_code> ends;
  const auto program = [&]() -> task<> {
    co_await in_scope([&](scope& outer) -> task<> {
      outer.cancel();
      co_await in_scope([&](scope& s) -> task<> {
        EXPECT_TRUE(s.canceled());
        s.spawn(sleeper(1h, ends));
        co_return;
      });
    });
  };
  EXPECT_TRUE(world.run(program()));
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0], std::errc::operation_canceled);
}

TEST(scope, can_be_cancelled_alone) {
  virtual_loop world;
  std::vector<std::error_code> outer_ends;
  std::vector<std::error_code> inner_ends;
  const auto program = [&]() -> task<> {
    co_await in_scope([&](scope& outer) -> task<> {
      outer.spawn(sleeper(5s, outer_ends));
      co_await in_scope([&](scope& s) -> task<> {
        s.spawn(sleeper(1h, inner_ends));
        s.cancel();
        co_return;
      });
      EXPECT_FALSE(outer.canceled());
    });
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(outer_ends, std::vector<std::error_code>(1));
  ASSERT_EQ(inner_ends.size(), 1U);
  EXPECT_EQ(inner_ends[0], std::errc::operation_canceled);
}

TEST(scope, hands_down_a_deadline_as_what_it_is) {
  virtual_loop world;
  std::vector<std::error_code> ends;
  const auto whole = [&]() -> task<> {
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(sleeper(1h, ends));
      co_return;
    });
  };
  const auto program = [&]() -> task<> { co_await whole().timeout(2s); };
  EXPECT_TRUE(world.run(program()));
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0], std::errc::timed_out);
  EXPECT_EQ(world.elapsed(), 2s);
}

TEST(scope, cancels_and_joins_the_siblings_of_a_task_that_throws) {
  virtual_loop world;
  std::vector<std::error_code> ends;
  std::string caught;
  const auto program = [&]() -> task<> {
    try {
      co_await in_scope([&](scope& s) -> task<> {
        s.spawn(sleeper(1h, ends));
        s.spawn(thrower(1s, "first"));
        s.spawn(sleeper(1h, ends));
        static_cast<void>(co_await sleep(1h));
      });
    } catch (const std::runtime_error& error) {
      caught = error.what();
      EXPECT_EQ(ends.size(), 2U) << "all have ended before";
    }
    const result<void> after = co_await sleep(1s);
    EXPECT_TRUE(after);
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(caught, "first");
  for (const std::error_code& each : ends) EXPECT_EQ(each, std::errc::operation_canceled);
  EXPECT_EQ(world.elapsed(), 2s);
}

TEST(scope, rethrows_the_first_exception) {
  virtual_loop world;
  const auto program = []() -> task<> {
    co_await in_scope([](scope& s) -> task<> {
      s.spawn(thrower(2s, "second"));  // thrown when it is cancelled
      s.spawn(thrower(1s, "first"));
      co_return;
    });
  };
  try {
    static_cast<void>(world.run(program()));
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "first");
  }
}

TEST(scope, joins_its_tasks_when_the_body_throws) {
  virtual_loop world;
  std::vector<std::error_code> ends;
  const auto program = [&]() -> task<> {
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(sleeper(1h, ends));
      throw std::runtime_error("body");
      co_return;
    });
  };
  EXPECT_THROW(static_cast<void>(world.run(program())), std::runtime_error);
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0], std::errc::operation_canceled);
}

// The end of a scope outlasts the cancel: a task that needs time for its clean-up gets it.
TEST(scope, waits_for_tasks_that_do_not_end_at_once_when_cancelled) {
  virtual_loop world;
  event released;
  bool cleaned = false;
  const auto slow = [&]() -> task<> {
    static_cast<void>(co_await sleep(1h));
    for (int i = 0; i < 10; ++i) co_await yield();
    cleaned = true;
  };
  const auto program = [&]() -> task<> {
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(slow());
      co_await yield();
      s.cancel();
    });
    EXPECT_TRUE(cleaned);
  };
  EXPECT_TRUE(world.run(program()));
}

TEST(scope, runs_100000_tasks) {
  virtual_loop world;
  int ended = 0;
  const auto program = [&]() -> task<> {
    const auto one = [&](int i) -> task<> {
      static_cast<void>(co_await sleep(i % 100 * 1ms));
      ++ended;
    };
    co_await in_scope([&](scope& s) -> task<> {
      for (int i = 0; i < 100'000; ++i) s.spawn(one(i));
      co_return;
    });
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(ended, 100'000);
}

}  // namespace
}  // namespace pentad::test
