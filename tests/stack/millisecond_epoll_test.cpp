// Where epoll_pwait2 is missing, as under Valgrind 3.19, epoll waits in whole milliseconds.

#include <gtest/gtest.h>
#include <sys/syscall.h>

#include <cerrno>

#include "pentad/hosts/make_host.hpp"
#include "pentad/runtime/scope.hpp"
#include "tests/stack/forbid_calls.hpp"
#include "tests/stack/loopback_pair.hpp"

namespace pentad::test {
namespace {

TEST(millisecond_epoll, sees_events_and_keeps_deadlines) {
  expect_in_child([] {
    forbid_calls({SYS_epoll_pwait2}, ENOSYS);
    const std::unique_ptr<host> here = must(make_host("kernel:epoll"));
    const auto program = [&]() -> task<> {
      stream_pair ends = co_await connect_to_itself(*here);
      const instant begin = here->now();
      const auto nothing = co_await ends.server.receive().timeout(1500us);
      EXPECT_EQ(error_of(nothing), std::errc::timed_out);
      EXPECT_GE(here->now() - begin, 1500us);

      const auto speak = [&]() -> task<> {
        must(co_await here->sleep(1ms));
        must(co_await ends.client.send(bytes_of("event")));
      };
      co_await in_scope([&](scope& all) -> task<> {
        all.spawn(speak());
        auto event = co_await ends.server.receive().timeout(1h);
        EXPECT_EQ(must(std::move(event)).size(), 5u);
      });
    };
    must(here->run(program()));
  });
}

}  // namespace
}  // namespace pentad::test
