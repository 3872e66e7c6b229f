// Linux's stack with completions from io_uring.
#pragma once

#include <memory>

#include "pentad/runtime/event_loop.hpp"
#include "pentad/runtime/uring_engine.hpp"
#include "pentad/stack/kernel/shortage.hpp"
#include "pentad/stack/kernel/uring_buffers.hpp"
#include "pentad/stack/stack.hpp"

namespace pentad::kernel {

class uring_stack final : public stack {
 public:
  /// Errors: those of `uring_buffers::open`.
  static result<std::unique_ptr<uring_stack>> open(uring_engine& driver, event_loop& on);

  /// Waits for the completions of sockets that are closed already.
  ~uring_stack() override { engine.drain(); }

  result<owned_impl<unconnected_impl>> open_stream(address_family family,
                                                   const stream_options& options) override;

  uring_engine& engine;
  event_loop& loop;
  std::unique_ptr<uring_buffers> buffers;
  shortage descriptors;

 private:
  uring_stack(uring_engine& driver, event_loop& on, std::unique_ptr<uring_buffers> lent) noexcept
      : engine(driver), loop(on), buffers(std::move(lent)), descriptors(on) {}
};

}  // namespace pentad::kernel
