// Pentad's own stack, over a cable of memory and on virtual time, keeps the contract of streams.

#include "tests/socket/native_under_test.hpp"
#include "tests/socket/stream_suite.hpp"

namespace pentad::test {

INSTANTIATE_TEST_SUITE_P(native, stream, testing::Values(native_over_memory), stack_name);

}  // namespace pentad::test
