#include "pentad/runtime/run.hpp"

namespace pentad {

bool main_environment::run_to_end(event_loop& on, std::coroutine_handle<> start) {
  loop = &on;
  finished = [](environment& ended) noexcept {
    static_cast<main_environment&>(ended).done_ = true;
  };
  resume_later(start);
  const auto done = [this] { return done_; };
  if (on.run_until(done)) return true;
  stop(stop_reason::canceled);
  // What still waits now ignores its cancellation: its frames cannot be destroyed safely.
  if (!on.run_until(done)) std::terminate();
  return false;
}

}  // namespace pentad
