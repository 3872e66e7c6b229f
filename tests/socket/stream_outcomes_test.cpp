#include "tests/socket/stream_outcomes.hpp"
