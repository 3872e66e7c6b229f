// All stacks keep the contract of raw sockets: Linux's through io_uring and through epoll, and
// Pentad's own, over a cable of memory and towards Linux's over a TAP device.

#include "tests/socket/kernel_stacks.hpp"
#include "tests/socket/native_over_tap.hpp"
#include "tests/socket/native_under_test.hpp"
#include "tests/socket/raw_suite.hpp"

namespace pentad::test {

INSTANTIATE_TEST_SUITE_P(kernel, raw, testing::ValuesIn(kernel_stacks), stack_name);
INSTANTIATE_TEST_SUITE_P(native, raw, testing::Values(native_over_memory), stack_name);
INSTANTIATE_TEST_SUITE_P(tap, raw, testing::ValuesIn(native_against_linux), stack_name);

}  // namespace pentad::test
