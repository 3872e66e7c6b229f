// What makes time pass and events arrive under an event loop. An engine knows descriptors or
// virtual time, and nothing of coroutines.
#pragma once

#include "pentad/base/clock.hpp"

namespace pentad {

class descriptor_engine;

class engine {
 public:
  virtual ~engine() = default;

  virtual instant now() = 0;

  /// Waits for events until `until` at the latest (not at all if that has passed) and hands them
  /// to whoever asked for them. Returns false if nothing can ever happen: nobody waits for an
  /// event and `until` is `never`.
  virtual bool poll(instant until) = 0;

  /// Makes a `poll` that sleeps return. The one call that is allowed from any thread.
  virtual void wake() noexcept = 0;

  /// Waiting for descriptors of the operating system, where the engine can do so; else null.
  virtual descriptor_engine* descriptors() noexcept { return nullptr; }

  /// Whether time is virtual; then other threads may not decide when something happens.
  virtual bool simulated() const noexcept { return false; }
};

}  // namespace pentad
