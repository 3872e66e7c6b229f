// Packets in the notation of packetdrill: `< [ect0] F. 1:1001(1000) ack 1 win 512 <sackOK>`.
#pragma once

#include "apps/packet_scripts/script.hpp"
#include "apps/packet_scripts/token_reader.hpp"

namespace pentad::packet_scripts {

/// Begins at `<` or `>`. Throws `malformed`, and `unsupported` for encapsulated packets and those
/// of protocols that the stack does not speak.
packet_event parse_packet(token_reader& from);

}  // namespace pentad::packet_scripts
