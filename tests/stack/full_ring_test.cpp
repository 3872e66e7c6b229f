// More operations at once than the rings of io_uring have entries (4,096 requests, 16,384
// completions): nobody hears of that. On epoll the same must hold for its batches of events.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <vector>

#include "pentad/runtime/descriptor.hpp"
#include "pentad/runtime/scope.hpp"
#include "pentad/runtime/sleep.hpp"
#include "tests/runtime/real_loop.hpp"
#include "tests/stack/descriptor_limit.hpp"

namespace pentad::test {
namespace {

class full_ring : public on_each_engine {
 protected:
  static constexpr std::size_t waiters = 17'000;

  full_ring() {
    std::array<int, 2> made;
    EXPECT_EQ(::pipe2(made.data(), O_CLOEXEC), 0);
    out_ = descriptor_handle(made[0]);
    in_ = descriptor_handle(made[1]);
    while (limit_.is_set() && outs_.size() < waiters) {
      outs_.emplace_back(::fcntl(out_.get(), F_DUPFD_CLOEXEC, 0));
      if (!outs_.back()) break;
    }
  }

  task<> wait(int descriptor) {
    const result<void> ready = co_await readable(descriptor);
    if (ready) {
      ++ready_;
    } else {
      EXPECT_EQ(error_of(ready), std::errc::operation_canceled);
      ++canceled_;
    }
  }

  descriptor_limit limit_{waiters + 200};
  descriptor_handle out_;
  descriptor_handle in_;
  std::vector<descriptor_handle> outs_;
  std::size_t ready_ = 0;
  std::size_t canceled_ = 0;
};

INSTANTIATE_TEST_SUITE_P(, full_ring, testing::Values("uring", "epoll"), engine_name);

TEST_P(full_ring, loses_no_completion) {
  if (!limit_.is_set()) GTEST_SKIP() << "may not have " << waiters << " descriptors";
  const auto program = [&]() -> task<> {
    co_await in_scope([&](scope& s) -> task<> {
      for (const descriptor_handle& each : outs_) s.spawn(wait(each.get()));
      must(co_await sleep(1ms));  // all wait
      EXPECT_EQ(::write(in_.get(), "x", 1), 1);
    });
  };
  must(run(program()));
  EXPECT_EQ(ready_, waiters);
}

TEST_P(full_ring, loses_no_cancel) {
  if (!limit_.is_set()) GTEST_SKIP() << "may not have " << waiters << " descriptors";
  const auto program = [&]() -> task<> {
    co_await in_scope([&](scope& s) -> task<> {
      for (const descriptor_handle& each : outs_) s.spawn(wait(each.get()));
      must(co_await sleep(1ms));
      s.cancel();
    });
  };
  must(run(program()));
  EXPECT_EQ(canceled_, waiters);
}

TEST_P(full_ring, keeps_operations_that_are_cancelled_before_the_system_has_seen_them) {
  if (!limit_.is_set()) GTEST_SKIP() << "may not have " << waiters << " descriptors";
  const auto program = [&]() -> task<> {
    co_await in_scope([&](scope& s) -> task<> {
      for (const descriptor_handle& each : outs_) s.spawn(wait(each.get()));
      co_await yield();
      s.cancel();
    });
  };
  must(run(program()));
  EXPECT_EQ(canceled_, waiters);
}

}  // namespace
}  // namespace pentad::test
