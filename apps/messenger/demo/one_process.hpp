// The demo in one process: both hosts on Pentad's own stack, joined by a cable of memory.
#pragma once

#include "apps/messenger/demo/story.hpp"
#include "pentad/base/clock.hpp"
#include "pentad/base/endpoint.hpp"

namespace pentad::messenger::demo {

/// Lets hosts with these addresses play and tell how it went, on virtual time. False if that took
/// longer than `longest`.
bool play_in_one_process(const ip_address& a, const endpoint& server, duration longest,
                         story& told);

}  // namespace pentad::messenger::demo
