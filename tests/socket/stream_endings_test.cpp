#include "tests/socket/stream_endings.hpp"
