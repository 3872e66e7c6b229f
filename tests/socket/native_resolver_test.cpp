// Names on Pentad's own stack, over a cable of memory and on virtual time.

#include "tests/socket/native_under_test.hpp"
#include "tests/socket/resolver_suite.hpp"

namespace pentad::test {

INSTANTIATE_TEST_SUITE_P(native, resolver_, testing::Values(native_over_memory), stack_name);

}  // namespace pentad::test
