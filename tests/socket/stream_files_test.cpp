#include "tests/socket/stream_files.hpp"
