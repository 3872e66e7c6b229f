#include "tests/socket/stream_connections.hpp"
