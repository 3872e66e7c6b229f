// Linux's stack with readiness from epoll.
#pragma once

#include "pentad/runtime/epoll_engine.hpp"
#include "pentad/stack/kernel/epoll_buffers.hpp"
#include "pentad/stack/kernel/kernel_stack.hpp"

namespace pentad::kernel {

class epoll_stack final : public kernel_stack {
 public:
  epoll_stack(epoll_engine& driver, event_loop& on)
      : kernel_stack(on), engine(driver), buffers(on) {}

  result<owned_impl<unconnected_impl>> open_stream(address_family family,
                                                   const stream_options& options) override;
  result<owned_impl<datagram_impl>> open_datagram(address_family family,
                                                  const datagram_options& options) override;
  result<owned_impl<datagram_impl>> open_raw(ip_version version, ip_protocol protocol,
                                             const raw_options& options) override;

  epoll_engine& engine;
  epoll_buffers buffers;
};

}  // namespace pentad::kernel
