// Where the server listens: from the text of an address to a listener, or to advice.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "pentad/runtime/task.hpp"
#include "pentad/socket/host.hpp"
#include "pentad/socket/stream_listener.hpp"

namespace pentad::messenger {

/// Listens on `HOST:PORT`: an IP address, an IPv6 one in brackets, or a name, whose first address
/// is taken that can be listened on. The error is a text for people: what failed, why, and what to
/// do.
task<std::expected<stream_listener, std::string>> listen_on(host& here, std::string_view address);

/// `irc://127.0.0.1:6667`, for people to copy into their clients.
std::string irc_address(const stream_listener& listener);

}  // namespace pentad::messenger
