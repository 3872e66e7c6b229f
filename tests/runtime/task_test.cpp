#include "pentad/runtime/task.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "pentad/runtime/scope.hpp"
#include "pentad/runtime/sleep.hpp"
#include "tests/runtime/virtual_loop.hpp"

namespace pentad::test {
namespace {

static_assert(!std::is_copy_constructible_v<task<>>);
static_assert(std::is_nothrow_move_constructible_v<task<>>);

TEST(task, gives_its_value) {
  virtual_loop world;
  const auto number = []() -> task<int> { co_return 42; };
  const auto text = [&]() -> task<std::string> {
    const int read = co_await number();
    co_return "read " + std::to_string(read);
  };
  EXPECT_EQ(world.run(text()), "read 42");
}

TEST(task, gives_what_can_only_be_moved) {
  virtual_loop world;
  const auto make = []() -> task<std::unique_ptr<int>> { co_return std::make_unique<int>(7); };
  const auto program = [&]() -> task<int> {
    const std::unique_ptr<int> made = co_await make();
    co_return *made;
  };
  EXPECT_EQ(world.run(program()), 7);
}

TEST(task, converts_what_is_returned) {
  virtual_loop world;
  const auto fails = []() -> task<result<int>> { co_return failure(std::errc::broken_pipe); };
  const auto succeeds = []() -> task<result<int>> { co_return 3; };
  const auto program = [&]() -> task<> {
    const result<int> failed = co_await fails();
    EXPECT_EQ(failed.error(), std::errc::broken_pipe);
    const result<int> succeeded = co_await succeeds();
    EXPECT_EQ(succeeded, 3);
  };
  EXPECT_TRUE(world.run(program()));
}

TEST(task, throws_at_whoever_awaits) {
  virtual_loop world;
  const auto deep = []() -> task<int> {
    throw std::runtime_error("deep");
    co_return 0;
  };
  const auto middle = [&]() -> task<int> {
    const int read = co_await deep();
    co_return read;
  };
  const auto program = [&]() -> task<std::string> {
    std::string caught;
    try {
      co_await middle();
    } catch (const std::runtime_error& error) {
      caught = error.what();
    }
    co_return caught;
  };
  EXPECT_EQ(world.run(program()), "deep");
  EXPECT_THROW(static_cast<void>(world.run(middle())), std::runtime_error);
}

TEST(task, does_nothing_before_it_is_awaited) {
  virtual_loop world;
  bool started = false;
  const auto lazy = [&]() -> task<> {
    started = true;
    co_return;
  };
  const auto program = [&]() -> task<> {
    task<> waiting = lazy();
    EXPECT_FALSE(started);
    co_await waiting;
    EXPECT_TRUE(started);
  };
  EXPECT_TRUE(world.run(program()));
}

TEST(task, gives_back_its_arguments_when_nobody_awaits_it) {
  const auto shared = std::make_shared<int>(1);
  const auto keep = [](std::shared_ptr<int> kept) -> task<> {
    static_cast<void>(kept);
    co_return;
  };
  {
    const task<> never_awaited = keep(shared);
    EXPECT_EQ(shared.use_count(), 2);
  }
  EXPECT_EQ(shared.use_count(), 1);
}

TEST(task, can_be_moved_before_it_is_awaited) {
  virtual_loop world;
  const auto number = [](int x) -> task<int> { co_return x; };
  const auto program = [&]() -> task<int> {
    task<int> first = number(1);
    task<int> second = std::move(first);
    first = number(2);
    std::swap(first, second);
    const int sum = 10 * co_await first + co_await second;
    co_return sum;
  };
  EXPECT_EQ(world.run(program()), 12);
}

TEST(task, inherits_the_environment_of_whoever_awaits) {
  virtual_loop world;
  const auto mine = []() -> task<environment*> {
    environment& found = co_await current_environment{};
    co_return &found;
  };
  const auto program = [&]() -> task<> {
    environment& here = co_await current_environment{};
    environment* const there = co_await mine();
    EXPECT_EQ(&here, there);
    EXPECT_EQ(here.loop, &world.loop());
  };
  EXPECT_TRUE(world.run(program()));
}

// A deadline on a task.

TEST(task_timeout, ends_what_the_task_waits_for) {
  virtual_loop world;
  const auto body = []() -> task<std::error_code> {
    const result<void> slept = co_await sleep(1h);
    co_return slept ? std::error_code() : slept.error();
  };
  const auto program = [&]() -> task<> {
    const std::error_code ended = co_await body().timeout(3s);
    EXPECT_EQ(ended, std::errc::timed_out);
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(world.elapsed(), 3s);
}

TEST(task_timeout, refuses_what_the_task_starts_later) {
  virtual_loop world;
  const auto body = []() -> task<> {
    static_cast<void>(co_await sleep(1h));
    const result<void> again = co_await sleep(1h);
    EXPECT_EQ(again.error(), std::errc::timed_out);
  };
  const auto program = [&]() -> task<> { co_await body().timeout(3s); };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(world.elapsed(), 3s);
}

TEST(task_timeout, leaves_a_task_alone_that_ends_in_time) {
  virtual_loop world;
  const auto body = []() -> task<int> {
    const result<void> slept = co_await sleep(1s);
    co_return slept ? 5 : 0;
  };
  const auto program = [&]() -> task<int> {
    const int got = co_await body().timeout(3s);
    const result<void> slept = co_await sleep(1h);  // long after that deadline
    EXPECT_TRUE(slept);
    co_return got;
  };
  EXPECT_EQ(world.run(program()), 5);
  EXPECT_EQ(world.elapsed(), 1h + 1s);
}

TEST(task_timeout, takes_the_word_of_a_task_that_does_not_care) {
  virtual_loop world;
  const auto stubborn = []() -> task<int> {
    static_cast<void>(co_await sleep(1h));
    co_return 5;
  };
  const auto program = [&]() -> task<int> {
    const int got = co_await stubborn().timeout(1s);
    co_return got;
  };
  EXPECT_EQ(world.run(program()), 5);
}

TEST(task_timeout, lets_the_shorter_deadline_win) {
  const auto body = []() -> task<result<void>> {
    const result<void> slept = co_await sleep(1h);
    co_return slept;
  };
  const auto wrapped = [&](duration inner) -> task<result<void>> {
    result<void> ended = co_await body().timeout(inner);
    co_return ended;
  };
  for (const auto& [inner, outer] : {std::pair(1s, 2s), std::pair(2s, 1s)}) {
    virtual_loop world;
    const auto program = [&]() -> task<> {
      const result<void> ended = co_await wrapped(inner).timeout(outer);
      EXPECT_EQ(ended.error(), std::errc::timed_out);
    };
    EXPECT_TRUE(world.run(program()));
    EXPECT_EQ(world.elapsed(), 1s);
  }
}

TEST(task_timeout, of_zero_still_lets_the_task_start) {
  virtual_loop world;
  bool started = false;
  const auto body = [&]() -> task<std::error_code> {
    started = true;
    const result<void> slept = co_await sleep(1ns);
    co_return slept ? std::error_code() : slept.error();
  };
  const auto program = [&]() -> task<> {
    const std::error_code ended = co_await body().timeout(0ns);
    EXPECT_EQ(ended, std::errc::timed_out);
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_TRUE(started);
  EXPECT_EQ(world.elapsed(), 0ns);
}

TEST(task_timeout, throws_what_the_task_throws) {
  virtual_loop world;
  const auto body = []() -> task<int> {
    static_cast<void>(co_await sleep(1h));
    throw std::runtime_error("late");
  };
  const auto program = [&]() -> task<> { co_await body().timeout(1s); };
  EXPECT_THROW(static_cast<void>(world.run(program())), std::runtime_error);
}

TEST(task_timeout, gives_the_task_an_environment_of_its_own) {
  virtual_loop world;
  const auto mine = []() -> task<environment*> {
    environment& found = co_await current_environment{};
    co_return &found;
  };
  const auto program = [&]() -> task<> {
    environment& here = co_await current_environment{};
    environment* const there = co_await mine().timeout(1s);
    EXPECT_NE(&here, there);
    EXPECT_EQ(here.why, stop_reason::none);
  };
  EXPECT_TRUE(world.run(program()));
}

}  // namespace
}  // namespace pentad::test
