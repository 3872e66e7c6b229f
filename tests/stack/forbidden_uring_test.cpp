// Where io_uring is forbidden, as in many containers, or missing, epoll is taken, and who asked for
// io_uring is told why not. Each test is a process of its own with a seccomp(2) filter.

#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>

#include "pentad/hosts/make_host.hpp"
#include "tests/socket/stream_pair.hpp"

namespace pentad::test {
namespace {

/// From now on io_uring_setup(2) fails with `error` in this process.
void forbid_uring(int error) {
  const auto instruction = [](auto code, std::uint32_t k, std::uint8_t yes, std::uint8_t no) {
    return sock_filter{static_cast<std::uint16_t>(code), yes, no, k};
  };
  std::array filter{
      instruction(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr), 0, 0),
      instruction(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1),
      instruction(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error), 0, 0),
      instruction(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0),
  };
  sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  ASSERT_EQ(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
  ASSERT_EQ(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

void expect_epoll_instead(int errno_value, std::errc expected) {
  forbid_uring(errno_value);
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

// In a child, because a filter is for ever. Failures are printed there and make it exit with 1.
void in_child(int errno_value, std::errc expected) {
  EXPECT_EXIT(
      {
        expect_epoll_instead(errno_value, expected);
        std::_Exit(testing::Test::HasFailure() ? 1 : 0);
      },
      testing::ExitedWithCode(0), "");
}

TEST(forbidden_uring, gives_way_to_epoll) { in_child(EPERM, std::errc::operation_not_permitted); }

TEST(missing_uring, gives_way_to_epoll) { in_child(ENOSYS, std::errc::function_not_supported); }

TEST(kernel_choice, says_what_kernel_stands_for) {
  const kernel_choice choice = probe_kernel();
  EXPECT_EQ(choice.uring, !choice.uring_error);
  EXPECT_EQ(choice.uring, make_host("kernel:uring").has_value());
  EXPECT_TRUE(make_host("kernel"));
}

}  // namespace
}  // namespace pentad::test
