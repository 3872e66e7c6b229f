#pragma once

/// What a line says of a frame: its quintuple, flags and lengths, and the names of its protocols.

#include <cstddef>
#include <span>
#include <string>

#include "pentad/wire/pcapng.hpp"

namespace pentad {

/// `tcp 10.9.0.1:41000 > 10.9.0.2:6667 [SYN] seq 1 win 64240 length 0 irc`,
/// `arp who has 10.9.0.2, tell 10.9.0.1`. The quintuple is that of the sender: its end is the left
/// one. `frame` may be cut, and may be anything; `size` is what it had on the wire.
[[nodiscard]] std::string packet_text(std::span<const std::byte> frame, std::size_t size,
                                      wire::pcapng_link link);

}  // namespace pentad
