// Buffers for lent receives on epoll: the one given back last is lent next, so that a loop that
// handles one message after the other stays in one hot buffer.
#pragma once

#include "pentad/base/free_blocks.hpp"
#include "pentad/runtime/event_loop.hpp"
#include "pentad/stack/kernel/lent_buffer_size.hpp"
#include "pentad/stack/waiting_receives.hpp"

namespace pentad::kernel {

class epoll_buffers final : public lender {
 public:
  explicit epoll_buffers(event_loop& loop) noexcept : loop_(loop) {}

  /// An empty buffer; null when all are lent.
  [[gnu::hot]] std::byte* take();

  /// Gives back a buffer that was not used, or that a program has read.
  [[gnu::hot]] void give_back(std::span<std::byte> buffer) noexcept override;

  /// Has the next operation that waits carried out again, if a buffer is free: to be called when
  /// one that was woken ends and has not taken it.
  void serve_waiting() noexcept;

  /// Operations that are carried out again when a buffer is free.
  waiting_receives waiting;

 private:
  static constexpr std::size_t most_kept = 256;  // what a burst took goes back to the system

  event_loop& loop_;
  free_blocks free_;
  unsigned made_ = 0;
};

}  // namespace pentad::kernel
