// What the arguments of system calls stand for.
#pragma once

#include "apps/packet_scripts/linux_socket.hpp"
#include "apps/packet_scripts/script.hpp"

namespace pentad::packet_scripts {

/// Throws `malformed` for what is no number, `unsupported` for symbols of Linux that are not known
/// here.
std::int64_t number_of(const expression& written);

/// `{sa_family = AF_INET, sin_port = htons(8080), sin_addr = inet_addr("192.168.0.1")}`; none for
/// `...`.
std::optional<endpoint> endpoint_of(const expression& written);

/// `[1]`, `{onoff=1, linger=0}`, `"cubic"`.
option_value option_of(const expression& written);

/// The bytes that `[{..., 100}, {..., 50}]` has room for.
std::size_t room_of(const expression& vectors);

/// As scripts write it.
std::string to_string(const expression& written);

}  // namespace pentad::packet_scripts
