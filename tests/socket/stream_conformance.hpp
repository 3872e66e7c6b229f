// What every stack must do alike under a stream socket, all of it. Include it in one file of a test
// program (or its parts in one file each, which compiles sooner) and write in one of them
//
//     INSTANTIATE_TEST_SUITE_P(name_of_the_stacks, stream, testing::ValuesIn(kinds), stack_name);
#pragma once

#include "tests/socket/stream_connections.hpp"
#include "tests/socket/stream_endings.hpp"
#include "tests/socket/stream_files.hpp"
#include "tests/socket/stream_loans.hpp"
#include "tests/socket/stream_outcomes.hpp"
#include "tests/socket/stream_tracing.hpp"
#include "tests/socket/stream_transfers.hpp"
#include "tests/socket/stream_tuples.hpp"
#include "tests/socket/stream_zero_copy.hpp"
