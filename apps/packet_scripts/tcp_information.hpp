// TCP_INFO of Linux, as far as the stack knows it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "pentad/stack/native/core/tcp/connection.hpp"

namespace pentad::packet_scripts {

/// `tcpi_snd_cwnd` and the like, in Linux's units; none for what the stack does not tell.
std::optional<std::int64_t> tcp_information(const native::connection& about, std::string_view name);

}  // namespace pentad::packet_scripts
