// Time as programs see it: nanoseconds on the clock of their event loop, real or virtual.
#pragma once

#include <chrono>

namespace pentad {

using duration = std::chrono::nanoseconds;

/// Names the clock of an event loop. It has no `now()` of its own: time is asked of a host or a
/// loop, because a simulated host has another one than the machine that simulates it.
struct loop_clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<loop_clock>;
  static constexpr bool is_steady = true;
};

/// A moment on a loop's clock. Only differences have a meaning.
using instant = loop_clock::time_point;

/// A moment that does not come.
inline constexpr instant never = instant::max();

/// The moment `after` from `start`, or `never` where the sum would overflow.
constexpr instant later(instant start, duration after) {
  if (after > duration::zero() && start > never - after) return never;
  return start + after;
}

}  // namespace pentad
