#include "pentad/stack/kernel/epoll_buffers.hpp"

namespace pentad::kernel {

std::byte* epoll_buffers::take() {
  if (std::byte* taken = free_.take()) return taken;
  if (made_ == most_lent_buffers) return nullptr;
  auto* made = new std::byte[lent_buffer_size];
  ++made_;
  return made;
}

void epoll_buffers::give_back(std::span<std::byte> buffer) noexcept {
  if (free_.size() < most_kept) {
    free_.add(buffer.data());
  } else {
    delete[] buffer.data();
    --made_;
  }
  if (!waiting.empty()) serve_waiting();
}

void epoll_buffers::serve_waiting() noexcept {
  if (free_.size() == 0 || waiting.empty()) return;
  lend_operation& next = waiting.pop();
  if (next.queued) return;
  next.queued = true;
  loop_.push(*next.env);
}

}  // namespace pentad::kernel
