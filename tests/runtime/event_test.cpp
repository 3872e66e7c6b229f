#include "pentad/runtime/event.hpp"

#include <gtest/gtest.h>

#include <string>

#include "pentad/runtime/scope.hpp"
#include "pentad/runtime/sleep.hpp"
#include "tests/runtime/must.hpp"
#include "tests/runtime/virtual_loop.hpp"

namespace pentad::test {
namespace {

TEST(event, lets_a_waiter_through_when_it_is_set) {
  virtual_loop world;
  const auto program = [&]() -> task<> {
    event ready;
    const auto setter = [&]() -> task<> {
      must(co_await sleep(1s));
      ready.set();
    };
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(setter());
      must(co_await ready.wait());
      EXPECT_EQ(world.elapsed(), 1s);
    });
  };
  EXPECT_TRUE(world.run(program()));
}

TEST(event, remembers_one_set) {
  virtual_loop world;
  const auto program = []() -> task<> {
    event ready;
    ready.set();
    ready.set();
    must(co_await ready.wait());
    const result<void> second = co_await ready.wait().timeout(1s);
    EXPECT_EQ(error_of(second), std::errc::timed_out);
  };
  EXPECT_TRUE(world.run(program()));
}

TEST(event, lets_one_waiter_through_at_a_time_the_longest_waiting_first) {
  virtual_loop world;
  std::string order;
  const auto program = [&]() -> task<> {
    event ready;
    const auto waiter = [&](char name) -> task<> {
      must(co_await ready.wait());
      order += name;
    };
    co_await in_scope([&](scope& s) -> task<> {
      for (const char name : {'a', 'b', 'c'}) s.spawn(waiter(name));
      must(co_await sleep(1s));
      ready.set();
      must(co_await sleep(1s));
      EXPECT_EQ(order, "a");
      ready.set();
      ready.set();
    });
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(order, "abc");
}

TEST(event, forgets_a_waiter_that_gave_up) {
  virtual_loop world;
  std::string order;
  const auto program = [&]() -> task<> {
    event ready;
    const auto waiter = [&](char name, duration patience) -> task<> {
      const result<void> waited = co_await ready.wait().timeout(patience);
      if (waited) order += name;
    };
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(waiter('a', 1s));
      s.spawn(waiter('b', 1h));
      s.spawn(waiter('c', 1s));
      s.spawn(waiter('d', 1h));
      must(co_await sleep(2s));
      ready.set();
      ready.set();
    });
    ready.set();
    must(co_await ready.wait().timeout(0s));
  };
  EXPECT_TRUE(world.run(program()));
  EXPECT_EQ(order, "bd");
}

}  // namespace
}  // namespace pentad::test
