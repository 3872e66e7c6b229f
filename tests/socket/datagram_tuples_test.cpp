#include "tests/socket/datagram_tuples.hpp"
