// The turn of one thread: what is ready runs, the engine waits for events, timers fire.
#pragma once

#include <atomic>
#include <memory>

#include "pentad/base/clock.hpp"
#include "pentad/base/timer_queue.hpp"
#include "pentad/runtime/engine.hpp"
#include "pentad/runtime/ready_queue.hpp"

namespace pentad {

class worker_pool;

/// Belongs to the thread that runs it: nothing but `post` may be called from another one.
class event_loop {
 public:
  explicit event_loop(pentad::engine& driver);
  ~event_loop();
  event_loop(const event_loop&) = delete;
  event_loop& operator=(const event_loop&) = delete;

  /// Queues `node` to run in this turn or the next, after all that is queued already.
  void push(ready_node& node) noexcept { ready_.push(node); }

  /// Queues `node` from any thread. Nodes of one thread run in its order. The loop must outlive
  /// the call; the node belongs to the loop until it runs.
  void post(ready_node& node) noexcept;

  /// Asks for one more inline step (an operation that is complete at once, a transfer into or out
  /// of a task). False on every 64th since something last ran from the ready queue: then the step
  /// goes through that queue, so that nobody starves and no stack overflows.
  bool spend() noexcept { return --budget_ != 0; }

  /// The loop's time, read once for each node that runs, or for several (`hold_time`).
  instant now() {
    if (!now_is_fresh_) {
      now_ = engine_.now();
      now_is_fresh_ = true;
    }
    return now_;
  }

  /// The node that runs takes no time to speak of, as programs might: what runs next may go on with
  /// the time that was read. A few times in a row.
  void hold_time() noexcept { holds_time_ = true; }

  timer_queue& timers() noexcept { return timers_; }
  pentad::engine& engine() noexcept { return engine_; }

  bool has_ready() const noexcept { return !ready_.empty(); }
  instant next_deadline() const noexcept { return has_ready() ? instant{} : timers_.first(); }

  /// One turn: runs what is ready, polls the engine until the next deadline, fires timers. False if
  /// nothing can ever happen again.
  bool turn() {
    run_ready();
    return wait();
  }

  /// Turns until `done()`. False if nothing can ever happen before that.
  template <class Done>
  bool run_until(Done done) {
    for (;;) {
      run_ready();
      if (done()) return true;
      if (!wait()) return false;
    }
  }

  /// The threads that `blocking` calls run on, started at first use.
  worker_pool& workers();

 private:
  static constexpr unsigned inline_steps = 64;
  // Bounds a turn, so that a busy program still sees its descriptors and timers.
  static constexpr unsigned nodes_per_turn = 1024;
  static constexpr unsigned most_held = 4;

  void run_ready();
  bool wait();
  void let_time_pass() noexcept;
  void collect_posted() noexcept;

  pentad::engine& engine_;
  ready_queue ready_;
  timer_queue timers_;
  instant now_{};
  bool now_is_fresh_ = false;
  bool holds_time_ = false;
  unsigned held_ = 0;
  unsigned budget_ = inline_steps;
  std::atomic<ready_node*> posted_{nullptr};
  std::unique_ptr<worker_pool> workers_;
};

}  // namespace pentad
