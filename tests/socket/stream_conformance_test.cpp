// Linux's stack, through io_uring and through epoll, keeps the contract of streams.

#include "tests/socket/stream_conformance.hpp"

#include "tests/socket/kernel_stacks.hpp"

namespace pentad::test {

INSTANTIATE_TEST_SUITE_P(kernel, stream, testing::ValuesIn(kernel_stacks), stack_name);

}  // namespace pentad::test
