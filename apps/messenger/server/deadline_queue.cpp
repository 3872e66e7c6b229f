#include "apps/messenger/server/deadline_queue.hpp"

namespace pentad::messenger {

void deadline_queue::insert(client& who, instant deadline) {
  who.deadline = deadline;
  who.deadline_index = heap_.size();
  heap_.push_back(&who);
  rise(who);
}

void deadline_queue::move(client& who, instant deadline) noexcept {
  who.deadline = deadline;
  rise(who);
  sink(who);
}

void deadline_queue::erase(client& who) noexcept {
  const std::size_t gap = who.deadline_index;
  client& last = *heap_.back();
  heap_.pop_back();
  if (&last == &who) return;
  place(last, gap);
  rise(last);
  sink(last);
}

client& deadline_queue::pop() noexcept {
  client& first = *heap_.front();
  erase(first);
  return first;
}

void deadline_queue::place(client& who, std::size_t at) noexcept {
  heap_[at] = &who;
  who.deadline_index = at;
}

void deadline_queue::rise(client& who) noexcept {
  while (who.deadline_index > 0) {
    const std::size_t at = who.deadline_index;
    const std::size_t parent = (at - 1) / 2;
    if (heap_[parent]->deadline <= who.deadline) return;
    place(*heap_[parent], at);
    place(who, parent);
  }
}

void deadline_queue::sink(client& who) noexcept {
  for (;;) {
    const std::size_t at = who.deadline_index;
    std::size_t child = 2 * at + 1;
    if (child >= heap_.size()) return;
    if (child + 1 < heap_.size() && heap_[child + 1]->deadline < heap_[child]->deadline) ++child;
    if (who.deadline <= heap_[child]->deadline) return;
    place(*heap_[child], at);
    place(who, child);
  }
}

}  // namespace pentad::messenger
