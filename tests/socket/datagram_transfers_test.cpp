#include "tests/socket/datagram_transfers.hpp"
