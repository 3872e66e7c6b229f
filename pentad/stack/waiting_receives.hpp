// Lent receives that wait for a buffer, because programs hold on to all of them: first come, first
// served.
#pragma once

#include <algorithm>
#include <deque>

#include "pentad/stack/operations.hpp"

namespace pentad {

class waiting_receives {
 public:
  bool empty() const noexcept { return waiting_.empty(); }

  void add(lend_operation& operation) { waiting_.push_back(&operation); }

  lend_operation& pop() noexcept {
    lend_operation& first = *waiting_.front();
    waiting_.pop_front();
    return first;
  }

  /// Whether it was waiting.
  bool remove(const lend_operation& operation) noexcept {
    return !waiting_.empty() && take_out(operation);
  }

 private:
  bool take_out(const lend_operation& operation) noexcept {
    const auto found = std::find(waiting_.begin(), waiting_.end(), &operation);
    if (found == waiting_.end()) return false;
    waiting_.erase(found);
    return true;
  }

  std::deque<lend_operation*> waiting_;
};

/// How many buffers a host lends at once.
inline constexpr unsigned most_lent_buffers = 2048;

}  // namespace pentad
