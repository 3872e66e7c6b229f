// Which client needs attention first, when nothing comes from it.
#pragma once

#include <cstddef>
#include <vector>

#include "apps/messenger/server/client.hpp"

namespace pentad::messenger {

/// A binary heap of clients by their deadline; each knows its place, so that all changes take
/// logarithmic time.
class deadline_queue {
 public:
  /// `never` when no client waits for anything.
  instant first() const noexcept { return heap_.empty() ? never : heap_.front()->deadline; }

  /// Adds a client.
  void insert(client& who, instant deadline);

  /// Moves a client that is in the queue.
  void move(client& who, instant deadline) noexcept;

  /// Takes out a client that is in the queue.
  void erase(client& who) noexcept;

  /// Takes out the first client; the queue must not be empty.
  client& pop() noexcept;

  bool contains(const client& who) const noexcept {
    return who.deadline_index < heap_.size() && heap_[who.deadline_index] == &who;
  }

 private:
  void place(client& who, std::size_t at) noexcept;
  void rise(client& who) noexcept;
  void sink(client& who) noexcept;

  std::vector<client*> heap_;
};

}  // namespace pentad::messenger
