#include "pentad/runtime/when.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "pentad/runtime/event.hpp"
#include "pentad/runtime/scope.hpp"
#include "pentad/runtime/sleep.hpp"
#include "tests/runtime/must.hpp"
#include "tests/runtime/virtual_loop.hpp"

namespace pentad::test {
namespace {

task<int> after(duration wait, int value) {
  const result<void> slept = co_await sleep(wait);
  co_return slept ? value : -value;
}

task<int> throws_after(duration wait, const char* what) {
  static_cast<void>(co_await sleep(wait));
  throw std::runtime_error(what);
}

TEST(when_any, gives_every_outcome_and_the_index_of_the_first) {
  virtual_loop world;
  const auto program = []() -> task<> {
    task<int> slow = after(3s, 1);
    task<int> fast = after(1s, 2);
    task<int> middle = after(2s, 3);
    auto ended = co_await when_any(slow, fast, middle);
    EXPECT_EQ(ended.index, 1U);
    EXPECT_EQ(ended.get<0>(), -1) << "a loser is cancelled, and tells its outcome, too";
    EXPECT_EQ(ended.get<1>(), 2);
    EXPECT_EQ(ended.get<2>(), -3);
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(world.elapsed(), 1s);
}

TEST(when_any, takes_operations_and_tasks_named_and_temporary) {
  virtual_loop world;
  const auto program = []() -> task<> {
    event never_set;
    auto named = never_set.wait();
    auto ended = co_await when_any(named, sleep(1s), after(2s, 7));
    EXPECT_EQ(ended.index, 1U);
    EXPECT_EQ(error_of(ended.get<0>()), std::errc::operation_canceled);
    EXPECT_TRUE(ended.get<1>());
    EXPECT_EQ(ended.get<2>(), -7);
  };
  EXPECT_TRUE(world.run(program()));
}

TEST(when_any, takes_what_gives_nothing) {
  virtual_loop world;
  const auto nothing = []() -> task<> { co_return; };
  const auto program = [&]() -> task<> {
    auto ended = co_await when_any(nothing(), yield(), after(1s, 1));
    EXPECT_EQ(ended.index, 0U);
    static_assert(std::is_same_v<decltype(ended.get<0>()), std::monostate&>);
    static_assert(std::is_same_v<decltype(ended.get<1>()), std::monostate&>);
  };
  EXPECT_TRUE(world.run(program()));
}

TEST(when_any, keeps_outcomes_that_were_there_at_the_same_moment) {
  virtual_loop world;
  const auto program = []() -> task<> {
    auto ended = co_await when_any(after(1s, 1), after(1s, 2));
    EXPECT_EQ(ended.index, 0U);
    EXPECT_EQ(ended.get<0>(), 1);
    EXPECT_EQ(ended.get<1>(), 2) << "its timer had fired before it was cancelled";
  };
  EXPECT_TRUE(world.run(program()));
}

TEST(when_any, gives_outcomes_that_can_only_be_moved) {
  virtual_loop world;
  const auto make = []() -> task<std::unique_ptr<int>> { co_return std::make_unique<int>(5); };
  const auto program = [&]() -> task<> {
    auto ended = co_await when_any(make(), sleep(1s));
    const std::unique_ptr<int> made = std::move(ended.get<0>());
    EXPECT_EQ(*made, 5);
  };
  EXPECT_TRUE(world.run(program()));
}

TEST(when_any, joins_the_losers_before_it_ends) {
  virtual_loop world;
  bool ended = false;
  const auto loser = [&]() -> task<> {
    static_cast<void>(co_await sleep(1h));
    for (int i = 0; i < 10; ++i) co_await yield();
    ended = true;
  };
  const auto program = [&]() -> task<> {
    static_cast<void>(co_await when_any(loser(), sleep(1s)));
    EXPECT_TRUE(ended);
  };
  EXPECT_TRUE(world.run(program()));
}

TEST(when_any, joins_all_and_rethrows_what_the_first_threw) {
  virtual_loop world;
  bool ended = false;
  const auto other = [&]() -> task<> {
    const result<void> slept = co_await sleep(1h);
    EXPECT_EQ(error_of(slept), std::errc::operation_canceled);
    ended = true;
  };
  const auto program = [&]() -> task<> {
    std::string caught;
    try {
      static_cast<void>(co_await when_any(other(), throws_after(1s, "loud")));
    } catch (const std::runtime_error& error) {
      caught = error.what();
    }
    EXPECT_EQ(caught, "loud");
    EXPECT_TRUE(ended);
  };
  EXPECT_TRUE(world.run(program()));
}

TEST(when_any, throws_what_a_loser_threw) {
  virtual_loop world;
  const auto program = []() -> task<> {
    static_cast<void>(co_await when_any(sleep(1s), throws_after(1h, "late")));
  };
  EXPECT_THROW(static_cast<void>(world.run(program())), std::runtime_error);
}

TEST(when_any, is_cancelled_with_its_parent) {
  virtual_loop world;
  const auto racing = []() -> task<> {
    auto ended = co_await when_any(after(1h, 1), sleep(2h));
    EXPECT_EQ(ended.get<0>(), -1);
    EXPECT_EQ(error_of(ended.get<1>()), std::errc::operation_canceled);
  };
  const auto program = [&]() -> task<> {
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(racing());
      static_cast<void>(co_await sleep(1s));
      s.cancel();
    });
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(world.elapsed(), 1s);
}

TEST(when_any, tells_its_branches_of_a_deadline_as_such) {
  virtual_loop world;
  const auto racing = []() -> task<> {
    auto ended = co_await when_any(sleep(1h), sleep(2h));
    EXPECT_EQ(error_of(ended.get<0>()), std::errc::timed_out);
    EXPECT_EQ(error_of(ended.get<1>()), std::errc::timed_out);
  };
  const auto program = [&]() -> task<> { co_await racing().timeout(1s); };
  EXPECT_TRUE(world.run(program()));
}

TEST(when_any, starts_nothing_in_a_cancelled_environment) {
  virtual_loop world;
  const auto program = []() -> task<> {
    co_await in_scope([](scope& s) -> task<> {
      event set_already;
      set_already.set();
      s.cancel();
      auto ended = co_await when_any(set_already.wait(), sleep(1h));
      EXPECT_EQ(error_of(ended.get<0>()), std::errc::operation_canceled);
      EXPECT_EQ(error_of(ended.get<1>()), std::errc::operation_canceled);
    });
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(world.elapsed(), 0s);
}

TEST(when_any, nests) {
  virtual_loop world;
  const auto program = []() -> task<> {
    auto ended = co_await when_any(when_any(after(3s, 1), after(1s, 2)), sleep(2s));
    EXPECT_EQ(ended.index, 0U);
    EXPECT_EQ(ended.get<0>().index, 1U);
    EXPECT_EQ(ended.get<0>().get<1>(), 2);
    EXPECT_EQ(error_of(ended.get<1>()), std::errc::operation_canceled);
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(world.elapsed(), 1s);
}

TEST(when_all, runs_all_to_their_ends) {
  virtual_loop world;
  const auto program = []() -> task<> {
    auto ended = co_await when_all(after(3s, 1), sleep(1s), after(2s, 3));
    EXPECT_EQ(ended.index, 1U);
    EXPECT_EQ(ended.get<0>(), 1);
    EXPECT_TRUE(ended.get<1>());
    EXPECT_EQ(ended.get<2>(), 3);
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(world.elapsed(), 3s);
}

TEST(when_all, does_not_mind_errors) {
  virtual_loop world;
  const auto fails = []() -> task<result<int>> { co_return failure(std::errc::broken_pipe); };
  const auto program = [&]() -> task<> {
    auto ended = co_await when_all(fails(), after(1s, 2));
    EXPECT_EQ(error_of(ended.get<0>()), std::errc::broken_pipe);
    EXPECT_EQ(ended.get<1>(), 2);
  };
  EXPECT_TRUE(world.run(program()));
}

TEST(when_all, cancels_and_joins_the_others_when_one_throws) {
  virtual_loop world;
  const auto other = []() -> task<> {
    const result<void> slept = co_await sleep(1h);
    EXPECT_EQ(error_of(slept), std::errc::operation_canceled);
  };
  const auto program = [&]() -> task<> {
    static_cast<void>(co_await when_all(other(), throws_after(1s, "one"), other()));
  };
  EXPECT_THROW(static_cast<void>(world.run(program())), std::runtime_error);
  EXPECT_EQ(world.elapsed(), 1s);
}

TEST(when_all, is_cancelled_with_its_parent) {
  virtual_loop world;
  const auto both = []() -> task<> {
    auto ended = co_await when_all(after(1h, 1), after(2h, 2));
    EXPECT_EQ(ended.get<0>(), -1);
    EXPECT_EQ(ended.get<1>(), -2);
  };
  const auto program = [&]() -> task<> {
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(both());
      static_cast<void>(co_await sleep(1s));
      s.cancel();
    });
  };
  EXPECT_TRUE(world.run(program()));
}

TEST(when_all, of_one_is_that_one) {
  virtual_loop world;
  const auto program = []() -> task<> {
    auto ended = co_await when_all(after(1s, 1));
    EXPECT_EQ(ended.index, 0U);
    EXPECT_EQ(ended.get<0>(), 1);
  };
  EXPECT_TRUE(world.run(program()));
}

}  // namespace
}  // namespace pentad::test
