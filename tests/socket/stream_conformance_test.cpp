// Linux's stack, through io_uring and through epoll, keeps the contract of streams. The tests are
// in the files beside this one, a part of the contract each, so that they compile in parallel.

#include "tests/socket/kernel_stacks.hpp"
#include "tests/socket/stream_suite.hpp"

namespace pentad::test {

INSTANTIATE_TEST_SUITE_P(kernel, stream, testing::ValuesIn(kernel_stacks), stack_name);

}  // namespace pentad::test
