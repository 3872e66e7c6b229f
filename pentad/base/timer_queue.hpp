// Timers of one loop: an intrusive pairing heap, ordered by time and then by the order of arming.
// The order is total, so a run on virtual time can be replayed.
#pragma once

#include <cstdint>
#include <utility>

#include "pentad/base/clock.hpp"

namespace pentad {

/// Something that happens at a moment; a member or a base of what it happens to, so arming
/// allocates nothing.
class timer_node {
 public:
  using function = void (*)(timer_node&);

  timer_node() = default;
  timer_node(const timer_node&) = delete;
  timer_node& operator=(const timer_node&) = delete;

  bool armed() const noexcept { return previous_ != nullptr; }

  instant at{};             ///< when it fires; set before it is armed
  function fire = nullptr;  ///< called once, disarmed; may arm it again or destroy it

 private:
  friend class timer_queue;
  timer_node* child_ = nullptr;
  timer_node* next_ = nullptr;
  timer_node* previous_ = nullptr;  // parent of a first child, else the elder sibling; root: itself
  std::uint64_t sequence_ = 0;
};

class timer_queue {
 public:
  timer_queue() = default;
  timer_queue(const timer_queue&) = delete;
  timer_queue& operator=(const timer_queue&) = delete;

  /// Arms `node` for `node.at`. It must not be armed.
  void insert(timer_node& node) noexcept {
    node.child_ = node.next_ = nullptr;
    node.sequence_ = sequence_++;
    set_root(root_ != nullptr ? merge(root_, &node) : &node);
  }

  /// Disarms `node`; nothing happens if it is not armed.
  void erase(timer_node& node) noexcept {
    if (!node.armed()) return;
    if (&node == root_) {
      set_root(merge_pairs(node.child_));
    } else {
      (node.previous_->child_ == &node ? node.previous_->child_ : node.previous_->next_) =
          node.next_;
      if (node.next_ != nullptr) node.next_->previous_ = node.previous_;
      if (timer_node* orphans = merge_pairs(node.child_)) set_root(merge(root_, orphans));
    }
    node.previous_ = nullptr;
  }

  /// When the first timer fires; `never` without one.
  instant first() const noexcept { return root_ != nullptr ? root_->at : never; }

  /// Fires all that is due at `now`, in order.
  void expire(instant now) {
    while (root_ != nullptr && root_->at <= now) {
      timer_node& node = *root_;
      erase(node);
      node.fire(node);
    }
  }

 private:
  static bool before(const timer_node& a, const timer_node& b) noexcept {
    return a.at != b.at ? a.at < b.at : a.sequence_ < b.sequence_;
  }

  void set_root(timer_node* node) noexcept {
    root_ = node;
    if (node != nullptr) node->previous_ = node;
  }

  static timer_node* merge(timer_node* a, timer_node* b) noexcept {
    if (before(*b, *a)) std::swap(a, b);
    b->next_ = a->child_;
    b->previous_ = a;
    if (a->child_ != nullptr) a->child_->previous_ = b;
    a->child_ = b;
    return a;
  }

  // The two passes of a pairing heap: siblings in pairs from left to right, then all into one.
  static timer_node* merge_pairs(timer_node* first) noexcept {
    timer_node* merged = nullptr;
    while (first != nullptr) {
      timer_node* a = first;
      timer_node* b = a->next_;
      first = b != nullptr ? b->next_ : nullptr;
      a->next_ = nullptr;
      if (b != nullptr) {
        b->next_ = nullptr;
        a = merge(a, b);
      }
      a->next_ = merged;
      merged = a;
    }
    timer_node* root = nullptr;
    while (merged != nullptr) {
      timer_node* a = merged;
      merged = a->next_;
      a->next_ = nullptr;
      root = root != nullptr ? merge(root, a) : a;
    }
    return root;
  }

  timer_node* root_ = nullptr;
  std::uint64_t sequence_ = 0;
};

}  // namespace pentad
