// The messaging server on a socket that lives as the textbooks have it: socket, bind, listen,
// accept, receive, send, close, each step told.
#pragma once

#include <cstddef>

#include "apps/messenger/demo/report.hpp"
#include "pentad/runtime/task.hpp"
#include "pentad/socket/host.hpp"

namespace pentad::messenger::demo {

/// Serves at `address` until `guests` people have come and gone.
task<> serve_by_steps(host& here, endpoint address, std::size_t guests, audience& told);

}  // namespace pentad::messenger::demo
