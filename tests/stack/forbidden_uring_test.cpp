// Where io_uring is forbidden, as in many containers, or missing, epoll is taken, and who asked for
// io_uring is told why not.

#include <gtest/gtest.h>
#include <sys/syscall.h>

#include <cerrno>

#include "pentad/hosts/make_host.hpp"
#include "tests/stack/forbid_calls.hpp"
#include "tests/stack/loopback_pair.hpp"

namespace pentad::test {
namespace {

void expect_epoll_instead(int errno_value, std::errc expected) {
  forbid_calls({SYS_io_uring_setup}, errno_value);
  const kernel_choice choice = probe_kernel();
  EXPECT_FALSE(choice.uring);
  EXPECT_EQ(choice.uring_error, expected);
  EXPECT_EQ(error_of(make_host("kernel:uring")), expected);

  const std::unique_ptr<host> here = must(make_host("kernel"));
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_to_itself(*here);
    must(co_await ends.client.send(bytes_of("by epoll")));
    const std::string got = co_await receive_text(ends.server, 8);
    EXPECT_EQ(got, "by epoll");
  };
  must(here->run(program()));
}

TEST(forbidden_uring, gives_way_to_epoll) {
  expect_in_child([] { expect_epoll_instead(EPERM, std::errc::operation_not_permitted); });
}

TEST(missing_uring, gives_way_to_epoll) {
  expect_in_child([] { expect_epoll_instead(ENOSYS, std::errc::function_not_supported); });
}

TEST(kernel_choice, says_what_kernel_stands_for) {
  const kernel_choice choice = probe_kernel();
  EXPECT_EQ(choice.uring, !choice.uring_error);
  EXPECT_EQ(choice.uring, make_host("kernel:uring").has_value());
  EXPECT_TRUE(make_host("kernel"));
}

}  // namespace
}  // namespace pentad::test
