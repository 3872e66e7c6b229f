// The messaging server on a socket that lives as the textbooks have it: socket, bind, listen,
// accept, receive, send, close, each step told.
#pragma once

#include <cstddef>

#include "apps/messenger/demo/report.hpp"
#include "pentad/runtime/task.hpp"
#include "pentad/socket/host.hpp"

namespace pentad::messenger::demo {

/// socket, bind, listen. Errors: those of the step that failed, which is told.
result<stream_listener> listen_by_steps(host& here, endpoint address, audience& told);

/// The other steps, until `guests` people have come and gone. The listener must stay.
task<> serve_by_steps(host& here, stream_listener& listener, std::size_t guests, audience& told);

}  // namespace pentad::messenger::demo
