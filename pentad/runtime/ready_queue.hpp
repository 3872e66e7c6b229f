// What runs next: an intrusive FIFO.
#pragma once

namespace pentad {

struct ready_node {
  ready_node* next = nullptr;
  void (*run)(ready_node&) = nullptr;
};

class ready_queue {
 public:
  bool empty() const noexcept { return first_ == nullptr; }

  void push(ready_node& node) noexcept {
    node.next = nullptr;
    (last_ != nullptr ? last_->next : first_) = &node;
    last_ = &node;
  }

  ready_node& pop() noexcept {
    ready_node& node = *first_;
    first_ = node.next;
    if (first_ == nullptr) last_ = nullptr;
    return node;
  }

 private:
  ready_node* first_ = nullptr;
  ready_node* last_ = nullptr;
};

}  // namespace pentad
