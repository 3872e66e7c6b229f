// Buffers for lent receives on io_uring: the kernel picks one when bytes arrive, so an idle
// connection holds none. See io_uring_register_buf_ring(3).
#pragma once

#include <memory>
#include <vector>

#include "pentad/runtime/uring_engine.hpp"
#include "pentad/stack/kernel/lent_buffer_size.hpp"
#include "pentad/stack/waiting_receives.hpp"

namespace pentad::kernel {

class uring_stream;

class uring_buffers final : public lender {
 public:
  static constexpr unsigned short group = 0;

  /// Errors: `function_not_supported` where the kernel has no buffer rings.
  static result<std::unique_ptr<uring_buffers>> open(uring_engine& engine);
  ~uring_buffers();

  /// The bytes of a completion that picked a buffer: `flags` are its flags.
  received loan(unsigned flags, std::size_t count) noexcept;

  void give_back(std::span<std::byte> buffer) noexcept override;

  /// After ENOBUFS: offers more buffers to the kernel. False when all are lent.
  bool grow() noexcept;

  /// Has the next operation that waits asked again, if a buffer is free: to be called when one that
  /// was asked ends and has not taken it.
  void serve_waiting() noexcept;

  /// Operations that are asked again when a buffer is given back.
  waiting_receives waiting;

 private:
  explicit uring_buffers(uring_engine& engine) noexcept : engine_(engine) {}

  void offer(unsigned short id) noexcept;

  uring_engine& engine_;
  io_uring_buf_ring* ring_ = nullptr;
  std::byte* memory_ = nullptr;
  // The kernel uses buffers in turn, so it is offered few, to stay in the cache; the others are
  // kept here. Offered: not lent and not in spare_.
  std::vector<unsigned short> spare_;
  unsigned wanted_ = 0;
  unsigned offered_ = 0;
};

}  // namespace pentad::kernel
