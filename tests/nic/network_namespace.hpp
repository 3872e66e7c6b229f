// Runs part of a test in a network namespace of its own, so that nothing outside sees its devices
// and its traffic.
#pragma once

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

namespace pentad::test {

/// Runs `body` in a child process in a new network namespace without IPv6's own chatter. What fails
/// there fails here. Skips the test where that is not allowed.
template <class Body>
void in_network_namespace(Body body) {
  constexpr int forbidden = 77;
  std::fflush(nullptr);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    if (::unshare(CLONE_NEWNET) != 0 || ::access("/dev/net/tun", R_OK | W_OK) != 0) {
      ::_exit(forbidden);
    }
    std::ofstream("/proc/sys/net/ipv6/conf/default/autoconf") << 0;
    std::ofstream("/proc/sys/net/ipv6/conf/default/router_solicitations") << 0;
    std::ofstream("/proc/sys/net/ipv6/conf/default/addr_gen_mode") << 1;
    body();
    std::fflush(nullptr);
    ::_exit(::testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == forbidden) {
    GTEST_SKIP() << "needs CAP_NET_ADMIN, CAP_SYS_ADMIN and /dev/net/tun";
  }
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "status " << status;
}

}  // namespace pentad::test
