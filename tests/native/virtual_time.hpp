// How the worlds of these tests pass their time: from one event to the next.
#pragma once

#include <algorithm>

#include "pentad/base/clock.hpp"

namespace pentad::native::test {

/// Lets things happen in `world` for `most`, or until `done()`, and returns what that says. A world
/// has `now`, `step()`, which does what is due now, and `next_event()`, the time of what comes
/// next.
template <class World, class Done>
bool let_time_pass(World& world, duration most, Done done) {
  const instant end = world.now + most;
  for (;;) {
    world.step();
    if (done()) return true;
    const instant next = world.next_event();
    if (next > end) {
      world.now = end;
      return done();
    }
    world.now = std::max(world.now, next);
  }
}

}  // namespace pentad::native::test
