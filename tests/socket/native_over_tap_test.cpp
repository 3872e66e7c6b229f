// Pentad's own stack keeps the contract of streams towards Linux's, over a TAP device.
#include "tests/socket/native_over_tap.hpp"

#include "tests/socket/stream_suite.hpp"

namespace pentad::test {

INSTANTIATE_TEST_SUITE_P(tap, stream, testing::ValuesIn(native_against_linux), stack_name);

}  // namespace pentad::test
