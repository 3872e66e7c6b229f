// A person of the demo: chats on a host, and does what the play asks for. Each step is told.
#pragma once

#include <string_view>

#include "apps/messenger/demo/report.hpp"
#include "pentad/runtime/task.hpp"
#include "pentad/socket/host.hpp"

namespace pentad::messenger::demo {

struct part_in_play {
  actor who;
  std::string_view nick;
  std::string_view other;    ///< the nick of the other person
  std::string_view message;  ///< for the other person
  bool begins;               ///< speaks first and leaves first
};

inline constexpr part_in_play alices_part{actor::alice, "alice", "bob",
                                          "Hello host B, this is Alice on A.", true};
inline constexpr part_in_play bobs_part{actor::bob, "bob", "alice",
                                        "Hello host A, this is Bob on B.", false};

/// Goes to the server, meets the other person, exchanges one message each way, and leaves.
task<> visit(host& here, endpoint server, part_in_play part, audience& told);

}  // namespace pentad::messenger::demo
