// What every stack must do alike under a datagram socket, all of it. To be included as
// stream_conformance.hpp is.
#pragma once

#include "tests/socket/datagram_outcomes.hpp"
#include "tests/socket/datagram_transfers.hpp"
#include "tests/socket/datagram_tuples.hpp"
