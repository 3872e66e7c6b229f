// Linux's stack, through io_uring and through epoll, keeps the contract of raw sockets.

#include "tests/socket/kernel_stacks.hpp"
#include "tests/socket/raw_suite.hpp"

namespace pentad::test {

INSTANTIATE_TEST_SUITE_P(kernel, raw, testing::ValuesIn(kernel_stacks), stack_name);

}  // namespace pentad::test
