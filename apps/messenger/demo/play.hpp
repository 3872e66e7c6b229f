// The two programs of the demo, one for each host. Neither knows what its host stands on.
#pragma once

#include "apps/messenger/demo/report.hpp"
#include "pentad/runtime/task.hpp"
#include "pentad/socket/host.hpp"

namespace pentad::messenger::demo {

/// Alice, who chats with Bob through the server on the other host.
task<> play_host_a(host& here, endpoint server, audience& told);

/// The messaging server at `address`, and Bob, who chats on the same host.
task<> play_host_b(host& here, endpoint address, audience& told);

}  // namespace pentad::messenger::demo
