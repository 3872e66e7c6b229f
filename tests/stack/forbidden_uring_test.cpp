// Where io_uring is forbidden, as in many containers, or missing, epoll is taken, and who asked for
// io_uring is told why not.

#include <gtest/gtest.h>
#include <sys/syscall.h>

#include <cerrno>

#include "pentad/hosts/make_host.hpp"
#include "tests/socket/stream_pair.hpp"
#include "tests/stack/forbid_calls.hpp"

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
    stream_listener listener =
        must(here->listen(endpoint(ip_address::loopback(ip_version::v4), 0)));
    auto both = co_await when_all(here->connect(must(listener.local())), listener.accept());
    stream_socket near = must(std::move(both.get<0>()));
    stream_socket far = must(std::move(both.get<1>()));
    must(co_await near.send(bytes_of("by epoll")));
    const std::string got = co_await receive_text(far, 8);
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
