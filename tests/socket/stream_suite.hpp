// The test suite to which the conformance tests of streams belong.
#pragma once

#include "tests/socket/stack_under_test.hpp"

namespace pentad::test {

class stream : public on_each_stack {};

}  // namespace pentad::test
