// Pentad's own stack, over a cable of memory and on virtual time, keeps the contract of datagrams.

#include "tests/socket/datagram_suite.hpp"
#include "tests/socket/native_under_test.hpp"

namespace pentad::test {

INSTANTIATE_TEST_SUITE_P(native, datagram, testing::Values(native_over_memory), stack_name);

}  // namespace pentad::test
