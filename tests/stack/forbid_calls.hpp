// System calls that fail from now on, for tests of what a program does without them. A filter is
// for ever, so it belongs into a child: `expect_in_child`.
#pragma once

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <vector>

namespace pentad::test {

/// Makes `calls` (SYS_...) fail with `error` in this process; see seccomp(2).
inline void forbid_calls(std::initializer_list<long> calls, int error) {
  const auto instruction = [](int code, auto value, std::uint8_t yes, std::uint8_t no) {
    return sock_filter{static_cast<std::uint16_t>(code), yes, no,
                       static_cast<std::uint32_t>(value)};
  };
  std::vector<sock_filter> filter{
      instruction(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr), 0, 0)};
  for (const long each : calls) {
    filter.push_back(instruction(BPF_JMP | BPF_JEQ | BPF_K, each, 0, 1));
    filter.push_back(
        instruction(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<unsigned>(error), 0, 0));
  }
  filter.push_back(instruction(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0));
  sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  ASSERT_EQ(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
  ASSERT_EQ(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

/// Runs `body` in a child process. What fails there is printed there, and fails the test here.
template <class Body>
void expect_in_child(const Body& body) {
  EXPECT_EXIT(
      {
        body();
        std::_Exit(testing::Test::HasFailure() ? 1 : 0);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace pentad::test
