// Linux's stack with completions from io_uring.
#pragma once

#include <memory>

#include "pentad/runtime/uring_engine.hpp"
#include "pentad/stack/kernel/kernel_stack.hpp"
#include "pentad/stack/kernel/uring_buffers.hpp"

namespace pentad::kernel {

class uring_stack final : public kernel_stack {
 public:
  /// Errors: those of `uring_buffers::open`.
  static result<std::unique_ptr<uring_stack>> open(uring_engine& driver, event_loop& on);

  /// Waits for the completions of sockets that are closed already.
  ~uring_stack() override { engine.drain(); }

  result<owned_impl<unconnected_impl>> open_stream(address_family family,
                                                   const stream_options& options) override;
  result<owned_impl<datagram_impl>> open_datagram(address_family family,
                                                  const datagram_options& options) override;
  result<owned_impl<datagram_impl>> open_raw(ip_version version, ip_protocol protocol,
                                             const raw_options& options) override;

  uring_engine& engine;
  std::unique_ptr<uring_buffers> buffers;

 private:
  uring_stack(uring_engine& driver, event_loop& on, std::unique_ptr<uring_buffers> lent)
      : kernel_stack(on), engine(driver), buffers(std::move(lent)) {}
};

}  // namespace pentad::kernel
