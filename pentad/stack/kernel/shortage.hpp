// Listeners that ran out of descriptors: each rests until a stream of its stack is closed, or for a
// while, since others of the process may free some, too. So nothing spins and no listener is lost.
#pragma once

#include "pentad/runtime/event_loop.hpp"
#include "pentad/stack/kernel/accept_errors.hpp"

namespace pentad::kernel {

class shortage;

class resting_listener : private timer_node {
 protected:
  ~resting_listener() = default;

  /// Accepts again; only queues or asks, and fails later if the shortage lasts.
  virtual void try_again() noexcept = 0;

 private:
  friend class shortage;
  shortage* in_ = nullptr;
  resting_listener* following_ = nullptr;
};

class shortage {
 public:
  explicit shortage(event_loop& loop) noexcept : loop_(loop) {}

  void rest(resting_listener& listener) noexcept {
    if (listener.in_ != nullptr) return;
    listener.in_ = this;
    listener.following_ = first_;
    first_ = &listener;
    listener.at = later(loop_.now(), shortage_rest);
    listener.fire = [](timer_node& node) {
      auto& rested = static_cast<resting_listener&>(node);
      rested.in_->forget(rested);
      rested.try_again();
    };
    loop_.timers().insert(listener);
  }

  void forget(resting_listener& listener) noexcept {
    if (listener.in_ == nullptr) return;
    listener.in_ = nullptr;
    loop_.timers().erase(listener);
    resting_listener** link = &first_;
    while (*link != &listener) link = &(*link)->following_;
    *link = listener.following_;
  }

  /// A descriptor was closed.
  void relieved() noexcept {
    while (resting_listener* listener = first_) {
      forget(*listener);
      listener->try_again();
    }
  }

 private:
  event_loop& loop_;
  resting_listener* first_ = nullptr;
};

}  // namespace pentad::kernel
