#include "tests/socket/stream_loans.hpp"
