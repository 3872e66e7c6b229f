#include "tests/socket/stream_tuples.hpp"
