// A person's chat as a program: at a terminal, or with its lines from a pipe.
#pragma once

#include "apps/messenger/chat/session.hpp"
#include "pentad/runtime/task.hpp"
#include "pentad/socket/host.hpp"

namespace pentad::messenger::chat {

/// How long the server has to end the connection of somebody who leaves.
inline constexpr duration farewell_time = std::chrono::seconds{2};

/// What the person types is sent, what happens is shown, until the person leaves or the connection
/// ends. Returns what the process ends with: 0, or 1 when it was not the person who ended it.
task<int> talk_at_terminal(host& here, stream_socket socket, const account& who);

/// Each line of standard input goes to the channel of the account; then it leaves. Returns 0 when
/// every line has come back from the server, else 1. Empty lines cannot be sent and are left out.
task<int> talk_from_pipe(host& here, stream_socket socket, const account& who);

}  // namespace pentad::messenger::chat
