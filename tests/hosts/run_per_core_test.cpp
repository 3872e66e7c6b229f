#include "pentad/hosts/run_per_core.hpp"

#include <gtest/gtest.h>
#include <sys/syscall.h>

#include <cerrno>
#include <system_error>

#include "tests/stack/forbid_calls.hpp"

namespace pentad::test {
namespace {

TEST(run_per_core_without_threads, throws_that_none_can_be_started) {
  expect_in_child([] {
    forbid_calls({SYS_clone, SYS_clone3}, EAGAIN);
    const auto program = [](host&, unsigned) -> task<int> { co_return 1; };
    try {
      static_cast<void>(run_per_core("kernel:epoll", 2, program));
      ADD_FAILURE() << "nothing was thrown";
    } catch (const std::system_error& error) {
      EXPECT_EQ(error.code(), std::errc::resource_unavailable_try_again);
    }
    EXPECT_EQ(run_per_core("kernel:epoll", 1, program), 1) << "one core needs no thread";
  });
}

}  // namespace
}  // namespace pentad::test
