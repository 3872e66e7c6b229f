#include "pentad/runtime/signal_set.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "pentad/runtime/scope.hpp"
#include "pentad/runtime/sleep.hpp"
#include "pentad/runtime/when.hpp"
#include "tests/runtime/real_loop.hpp"
#include "tests/runtime/virtual_loop.hpp"

namespace pentad::test {
namespace {

using signal_set_ = on_each_engine;
INSTANTIATE_TEST_SUITE_P(, signal_set_, testing::Values("uring", "epoll"), engine_name);

bool is_blocked(int signal) {
  sigset_t mask;
  ::pthread_sigmask(SIG_BLOCK, nullptr, &mask);
  return sigismember(&mask, signal) == 1;
}

TEST_P(signal_set_, gives_the_signal_that_came) {
  const auto program = []() -> task<> {
    signal_set signals{SIGUSR1, SIGUSR2};
    ::kill(::getpid(), SIGUSR2);
    const int second = must(co_await signals.next());
    EXPECT_EQ(second, SIGUSR2);
    const auto sender = []() -> task<> {
      co_await yield();
      ::kill(::getpid(), SIGUSR1);
    };
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(sender());
      const int first = must(co_await signals.next());
      EXPECT_EQ(first, SIGUSR1);
    });
  };
  must(run(program()));
}

TEST_P(signal_set_, keeps_a_signal_that_nobody_awaits_yet) {
  const auto program = []() -> task<> {
    signal_set signals{SIGTERM};
    ::raise(SIGTERM);
    must(co_await sleep(1ms));
    const int got = must(co_await signals.next());
    EXPECT_EQ(got, SIGTERM);
  };
  must(run(program()));
}

TEST_P(signal_set_, can_be_one_side_of_a_race) {
  const auto program = []() -> task<> {
    signal_set signals{SIGINT};
    auto ended = co_await when_any(signals.next(), sleep(1ms));
    EXPECT_EQ(ended.index, 1U);
    EXPECT_EQ(error_of(ended.get<0>()), std::errc::operation_canceled);
    ::raise(SIGINT);
    auto again = co_await when_any(signals.next(), sleep(10s));
    EXPECT_EQ(again.index, 0U);
    EXPECT_EQ(again.get<0>(), SIGINT);
  };
  must(run(program()));
}

TEST(signal_set, restores_the_mask_of_the_thread) {
  EXPECT_FALSE(is_blocked(SIGUSR1));
  {
    const signal_set outer{SIGUSR1};
    EXPECT_TRUE(is_blocked(SIGUSR1));
    {
      const signal_set inner{SIGUSR1, SIGUSR2};
      EXPECT_TRUE(is_blocked(SIGUSR2));
    }
    EXPECT_TRUE(is_blocked(SIGUSR1));
    EXPECT_FALSE(is_blocked(SIGUSR2));
  }
  EXPECT_FALSE(is_blocked(SIGUSR1));
}

TEST(signal_set, is_not_supported_on_virtual_time) {
  virtual_loop world;
  const auto program = []() -> task<> {
    signal_set signals{SIGUSR1};
    const result<int> got = co_await signals.next();
    EXPECT_EQ(error_of(got), std::errc::operation_not_supported);
  };
  must(world.run(program()));
}

}  // namespace
}  // namespace pentad::test
