#include "pentad/runtime/event_loop.hpp"

#include <utility>

#include "pentad/runtime/frame_pool.hpp"
#include "pentad/runtime/worker_pool.hpp"

namespace pentad {

event_loop::event_loop(pentad::engine& driver) : engine_(driver) {}

event_loop::~event_loop() {
  workers_.reset();
  frames.trim();
}

void event_loop::post(ready_node& node) noexcept {
  ready_node* first = posted_.load(std::memory_order_relaxed);
  do {
    node.next = first;
  } while (!posted_.compare_exchange_weak(first, &node, std::memory_order_release,
                                          std::memory_order_relaxed));
  if (first == nullptr) engine_.wake();  // later ones find the loop awake, or about to be
}

void event_loop::collect_posted() noexcept {
  if (posted_.load(std::memory_order_relaxed) == nullptr) return;
  ready_node* newest = posted_.exchange(nullptr, std::memory_order_acquire);
  ready_node* oldest = nullptr;
  while (newest != nullptr) {
    ready_node* node = newest;
    newest = node->next;
    node->next = oldest;
    oldest = node;
  }
  while (oldest != nullptr) {
    ready_node* node = oldest;
    oldest = node->next;
    ready_.push(*node);
  }
}

[[gnu::hot]] void event_loop::run_ready() {
  collect_posted();
  for (unsigned i = 0; i < nodes_per_turn && !ready_.empty(); ++i) {
    ready_node& node = ready_.pop();
    budget_ = inline_steps;
    let_time_pass();
    node.run(node);
  }
}

void event_loop::let_time_pass() noexcept {
  if (std::exchange(holds_time_, false) && ++held_ < most_held) return;
  held_ = 0;
  now_is_fresh_ = false;
}

[[gnu::hot]] bool event_loop::wait() {
  now_is_fresh_ = false;
  // A moment of the past makes the engine look without waiting.
  const bool alive = engine_.poll(has_ready() ? instant::min() : timers_.first());
  now_is_fresh_ = false;
  if (timers_.first() != never) timers_.expire(now());
  return alive || has_ready() || posted_.load(std::memory_order_relaxed) != nullptr;
}

worker_pool& event_loop::workers() {
  if (!workers_) workers_ = std::make_unique<worker_pool>();
  return *workers_;
}

}  // namespace pentad
