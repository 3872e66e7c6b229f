// What a cancel does and does not do: the outcome of an operation decides, the first reason wins,
// and what starts after it touches nothing.

#include <gtest/gtest.h>

#include "pentad/runtime/blocking.hpp"
#include "pentad/runtime/event.hpp"
#include "pentad/runtime/scope.hpp"
#include "pentad/runtime/shielded.hpp"
#include "pentad/runtime/sleep.hpp"
#include "pentad/runtime/when.hpp"
#include "tests/runtime/must.hpp"
#include "tests/runtime/virtual_loop.hpp"

namespace pentad::test {
namespace {

// Runs `body` in a scope and cancels it after `wait`.
template <class Body>
task<> cancelled_after(duration wait, const Body& body) {
  co_await in_scope([&](scope& s) -> task<> {
    s.spawn(body());
    static_cast<void>(co_await sleep(wait));
    s.cancel();
  });
}

TEST(cancellation, and_a_deadline_are_different_errors) {
  virtual_loop world;
  const auto program = []() -> task<> {
    event nothing;
    const result<void> late = co_await nothing.wait().timeout(1s);
    EXPECT_EQ(error_of(late), std::errc::timed_out);
    const auto waits = [&]() -> task<> {
      const result<void> ended = co_await nothing.wait().timeout(1h);
      EXPECT_EQ(error_of(ended), std::errc::operation_canceled);
    };
    co_await cancelled_after(1s, waits);
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(world.elapsed(), 2s);
}

TEST(cancellation, after_a_deadline_does_not_change_the_reason) {
  virtual_loop world;
  const auto program = []() -> task<> {
    const auto timed = []() -> task<> {
      const result<void> first = co_await sleep(1h);
      EXPECT_EQ(error_of(first), std::errc::timed_out);
      const result<void> second = co_await sleep(1h);
      EXPECT_EQ(error_of(second), std::errc::timed_out);
      // Outlives the deadline, so that the cancel finds it.
      const auto clean_up = []() -> task<> { static_cast<void>(co_await sleep(3s)); };
      co_await shielded(clean_up());
      const result<void> third = co_await sleep(1h);
      EXPECT_EQ(error_of(third), std::errc::timed_out);
    };
    const auto parent = [&]() -> task<> {
      co_await timed().timeout(1s);
      const result<void> mine = co_await sleep(1h);
      EXPECT_EQ(error_of(mine), std::errc::operation_canceled);
    };
    co_await cancelled_after(2s, parent);
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(world.elapsed(), 4s);
}

TEST(cancellation, does_not_change_what_has_ended) {
  virtual_loop world;
  const auto program = []() -> task<> {
    event ready;
    const auto waits = [&]() -> task<> {
      const result<void> ended = co_await ready.wait();
      EXPECT_TRUE(ended) << "it was let through before the cancel";
      const result<void> next = co_await ready.wait();
      EXPECT_EQ(error_of(next), std::errc::operation_canceled);
    };
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(waits());
      static_cast<void>(co_await sleep(1s));
      ready.set();
      s.cancel();
    });
  };
  EXPECT_TRUE(world.run(program()));
}

TEST(cancellation, keeps_an_operation_from_touching_anything) {
  virtual_loop world;
  const auto program = []() -> task<> {
    event ready;
    ready.set();
    bool called = false;
    co_await in_scope([&](scope& s) -> task<> {
      s.cancel();
      const result<void> waited = co_await ready.wait();
      EXPECT_EQ(error_of(waited), std::errc::operation_canceled);
      const result<void> slept = co_await sleep(1h);
      EXPECT_EQ(error_of(slept), std::errc::operation_canceled);
      const auto call = [&] { called = true; };
      const result<void> blocked = co_await blocking(call);
      EXPECT_EQ(error_of(blocked), std::errc::operation_canceled);
    });
    EXPECT_FALSE(called);
    const result<void> still_set = co_await ready.wait().timeout(0s);
    EXPECT_TRUE(still_set);
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(world.elapsed(), 0s);
}

TEST(cancellation, reaches_the_one_place_where_a_deep_task_waits) {
  virtual_loop world;
  struct nested {
    static task<std::error_code> down(int levels) {
      if (levels == 0) {
        const result<void> slept = co_await sleep(1h);
        co_return error_of(slept);
      }
      if (levels % 3 == 0) {
        const std::error_code timed = co_await down(levels - 1).timeout(2h);
        co_return timed;
      }
      if (levels % 3 == 1) {
        auto ended = co_await when_any(down(levels - 1), sleep(2h));
        co_return ended.template get<0>();
      }
      const std::error_code plain = co_await down(levels - 1);
      co_return plain;
    }
  };
  std::error_code ended;
  const auto program = [&]() -> task<> {
    const auto deep = [&]() -> task<> { ended = co_await nested::down(30); };
    co_await cancelled_after(1s, deep);
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(ended, std::errc::operation_canceled);
  EXPECT_EQ(world.elapsed(), 1s);
}

TEST(cancellation, finds_a_task_that_is_ready_to_run) {
  virtual_loop world;
  const auto program = []() -> task<> {
    bool ran = false;
    const auto yields = [&]() -> task<> {
      co_await yield();
      ran = true;
      const result<void> slept = co_await sleep(1h);
      EXPECT_EQ(error_of(slept), std::errc::operation_canceled);
    };
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(yields());
      co_await yield();
      s.cancel();
      EXPECT_FALSE(ran);
    });
    EXPECT_TRUE(ran);
  };
  EXPECT_TRUE(world.run(program()));
}

// shielded

TEST(shielded, runs_to_its_end_in_a_cancelled_environment) {
  virtual_loop world;
  bool cleaned = false;
  const auto program = [&]() -> task<> {
    const auto clean_up = [&]() -> task<int> {
      const result<void> slept = co_await sleep(5s);
      EXPECT_TRUE(slept);
      cleaned = true;
      co_return 3;
    };
    const auto body = [&]() -> task<> {
      const result<void> slept = co_await sleep(1h);
      EXPECT_EQ(error_of(slept), std::errc::operation_canceled);
      const int got = co_await shielded(clean_up());
      EXPECT_EQ(got, 3);
      const result<void> again = co_await sleep(1h);
      EXPECT_EQ(error_of(again), std::errc::operation_canceled);
    };
    co_await cancelled_after(1s, body);
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_TRUE(cleaned);
  EXPECT_EQ(world.elapsed(), 6s);
}

TEST(shielded, is_not_reached_by_a_cancel_that_comes_meanwhile) {
  virtual_loop world;
  const auto program = []() -> task<> {
    const auto clean_up = []() -> task<> {
      const result<void> slept = co_await sleep(5s);
      EXPECT_TRUE(slept);
    };
    const auto body = [&]() -> task<> {
      co_await shielded(clean_up());
      const result<void> after = co_await sleep(1h);
      EXPECT_EQ(error_of(after), std::errc::operation_canceled);
    };
    co_await cancelled_after(1s, body);
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(world.elapsed(), 5s);
}

TEST(shielded, obeys_deadlines_of_its_own) {
  virtual_loop world;
  const auto program = []() -> task<> {
    const auto clean_up = []() -> task<> {
      const result<void> slept = co_await sleep(1h);
      EXPECT_EQ(error_of(slept), std::errc::timed_out);
    };
    const auto bounded = [&]() -> task<> { co_await clean_up().timeout(2s); };
    co_await in_scope([&](scope& s) -> task<> {
      s.cancel();
      co_await shielded(bounded());
    });
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(world.elapsed(), 2s);
}

TEST(shielded, throws_what_its_task_throws) {
  virtual_loop world;
  const auto fails = []() -> task<> {
    throw 5;
    co_return;
  };
  const auto program = [&]() -> task<> { co_await shielded(fails()); };
  EXPECT_THROW(static_cast<void>(world.run(program())), int);
}

}  // namespace
}  // namespace pentad::test
