#include <gtest/gtest.h>
#include <sched.h>

#include <array>
#include <atomic>
#include <stdexcept>
#include <thread>

#include "pentad/base/error.hpp"
#include "pentad/hosts/run_per_core.hpp"
#include "tests/socket/kernel_stacks.hpp"
#include "tests/socket/stream_pair.hpp"

namespace pentad::test {
namespace {

class run_per_core_ : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(, run_per_core_, testing::Values("kernel:uring", "kernel:epoll"));

constexpr auto until_cancelled = [](host& here) -> task<int> {
  const result<void> slept = co_await here.sleep(1h);
  co_return error_of(slept) == std::errc::operation_canceled ? 1 : 0;
};

TEST_P(run_per_core_, runs_the_program_once_on_each_core) {
  std::array<std::atomic<int>, 3> starts{};
  std::array<std::thread::id, 3> threads;
  std::atomic<int> running = 0;
  const auto program = [&](host& here, unsigned core) -> task<int> {
    ++starts[core];
    threads[core] = std::this_thread::get_id();
    ++running;
    while (running < 3) must(co_await here.sleep(100us));
    co_return 7;
  };
  EXPECT_EQ(run_per_core(GetParam(), 3, program), 7);
  for (const std::atomic<int>& each : starts) EXPECT_EQ(each, 1);
  EXPECT_EQ(threads[0], std::this_thread::get_id());
  EXPECT_NE(threads[1], threads[0]);
  EXPECT_NE(threads[2], threads[1]);
}

TEST_P(run_per_core_, runs_on_at_least_one) {
  const auto program = [](host&, unsigned) -> task<int> { co_return 3; };
  EXPECT_EQ(run_per_core(GetParam(), 0, program), 3);
  EXPECT_GE(usable_cores(), 1U);
}

TEST_P(run_per_core_, cancels_the_others_when_the_first_ends) {
  for (const unsigned first : {0U, 1U}) {
    std::atomic<int> canceled = 0;
    const auto program = [&](host& here, unsigned core) -> task<int> {
      if (core == first) co_return 5;
      canceled += co_await until_cancelled(here);
      co_return 6;
    };
    EXPECT_EQ(run_per_core(GetParam(), 2, program), 5);
    EXPECT_EQ(canceled, 1);
  }
}

TEST_P(run_per_core_, throws_what_the_first_to_end_threw) {
  for (const unsigned first : {0U, 1U}) {
    std::atomic<int> canceled = 0;
    const auto program = [&](host& here, unsigned core) -> task<int> {
      if (core == first) throw std::runtime_error("on a core");
      canceled += co_await until_cancelled(here);
      co_return 0;
    };
    EXPECT_THROW(static_cast<void>(run_per_core(GetParam(), 2, program)), std::runtime_error);
    EXPECT_EQ(canceled, 1);
  }
}

// A program may be a plain function that makes a task, and fail before it has.
TEST_P(run_per_core_, throws_what_is_thrown_before_there_is_a_task) {
  for (const unsigned first : {0U, 1U}) {
    const auto program = [&](host& here, unsigned core) {
      if (core == first) throw std::runtime_error("before the task");
      return until_cancelled(here);
    };
    EXPECT_THROW(static_cast<void>(run_per_core(GetParam(), 2, program)), std::runtime_error);
  }
}

TEST_P(run_per_core_, serves_one_port_on_both_cores) {
  constexpr int connections = 64;
  std::array<std::atomic<int>, 2> served{};
  std::atomic<std::uint16_t> port = 0;
  std::atomic<int> listening = 0;
  const auto program = [&](host& here, unsigned core) -> task<int> {
    const listen_options shared{{.reuse_port = true}};
    endpoint where(ip_address::loopback(ip_version::v4), 0);
    if (core == 1) {
      while (port == 0) must(co_await here.sleep(100us));
      where.port = port;
    }
    stream_listener listener = must(here.listen(where, shared));
    if (core == 0) port = must(listener.local()).ip().port;
    ++listening;
    std::array<std::byte, 16> buffer;
    for (;;) {
      result<stream_socket> accepted = co_await listener.accept();
      if (!accepted) co_return 0;
      const result<std::size_t> got = co_await accepted->receive(buffer);
      if (!got) co_return 0;
      must(co_await accepted->send(std::span(buffer).first(*got)));
      ++served[core];
      if (served[0] + served[1] == connections) co_return 1;
    }
  };
  std::thread people([&] {
    while (listening < 2) std::this_thread::yield();
    const socket_address where = endpoint(ip_address::loopback(ip_version::v4), port);
    for (int i = 0; i < connections; ++i) {
      const descriptor_handle each = plain_connect(where);
      char byte = static_cast<char>(i);
      EXPECT_EQ(::send(each.get(), &byte, 1, 0), 1);
      EXPECT_EQ(::recv(each.get(), &byte, 1, 0), 1);
      EXPECT_EQ(byte, static_cast<char>(i));
    }
  });
  EXPECT_EQ(run_per_core(GetParam(), 2, program), 1);
  people.join();
  EXPECT_EQ(served[0] + served[1], connections);
  // The chance that all fall on one is 2 to the power of -63.
  EXPECT_GT(served[0], 0);
  EXPECT_GT(served[1], 0);
}

TEST_P(run_per_core_, leaves_the_calling_thread_where_it_could_run_before) {
  cpu_set_t before;
  cpu_set_t after;
  ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
  const auto program = [](host&, unsigned) -> task<int> { co_return 0; };
  must(run_per_core(GetParam(), 2, program));
  ASSERT_EQ(::sched_getaffinity(0, sizeof after, &after), 0);
  EXPECT_TRUE(CPU_EQUAL(&before, &after));
}

TEST_P(run_per_core_, starts_and_stops_again_and_again) {
  std::atomic<int> total = 0;
  for (int i = 0; i < 50; ++i) {
    const auto program = [&](host& here, unsigned core) -> task<int> {
      ++total;
      if (core == static_cast<unsigned>(i) % 2) co_return i;
      static_cast<void>(co_await until_cancelled(here));
      co_return -1;
    };
    EXPECT_EQ(run_per_core(GetParam(), 2, program), i);
  }
  EXPECT_EQ(total, 100);
}

TEST(run_per_core, tells_that_there_is_no_such_stack) {
  const auto program = [](host&, unsigned) -> task<int> { co_return 0; };
  EXPECT_EQ(error_of(run_per_core("kernel:none", 2, program)), errc::malformed_host);
}

}  // namespace
}  // namespace pentad::test
