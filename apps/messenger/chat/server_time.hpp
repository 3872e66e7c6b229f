// The time of messages (IRCv3 "server-time"), and how people see it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "apps/messenger/server/moment.hpp"

namespace pentad::messenger::chat {

/// Reads `2011-10-19T16:40:51.620Z`.
std::optional<wall_time> parse_server_time(std::string_view text);

/// `18:40:51`, in the time zone of this machine.
std::string time_of_day(wall_time at);

}  // namespace pentad::messenger::chat
