#include "tests/socket/stream_zero_copy.hpp"
