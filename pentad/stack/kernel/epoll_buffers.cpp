#include "pentad/stack/kernel/epoll_buffers.hpp"

namespace pentad::kernel {

epoll_buffers::~epoll_buffers() {
  for (std::byte* each : free_) delete[] each;
}

std::byte* epoll_buffers::take() {
  if (!free_.empty()) {
    std::byte* taken = free_.back();
    free_.pop_back();
    return taken;
  }
  if (made_ == most_lent_buffers) return nullptr;
  free_.reserve(made_ + 1);  // giving back must not fail
  auto* made = new std::byte[lent_buffer_size];
  ++made_;
  return made;
}

void epoll_buffers::give_back(std::span<std::byte> buffer) noexcept {
  free_.push_back(buffer.data());
  serve_waiting();
}

void epoll_buffers::serve_waiting() noexcept {
  if (free_.empty() || waiting.empty()) return;
  lend_operation& next = waiting.pop();
  if (next.queued) return;
  next.queued = true;
  loop_.push(*next.env);
}

}  // namespace pentad::kernel
