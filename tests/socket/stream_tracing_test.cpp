#include "tests/socket/stream_tracing.hpp"
