#include "tests/socket/datagram_outcomes.hpp"
