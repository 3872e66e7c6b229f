#include "tests/socket/stream_transfers.hpp"
