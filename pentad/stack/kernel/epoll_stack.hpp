// Linux's stack with readiness from epoll.
#pragma once

#include "pentad/runtime/epoll_engine.hpp"
#include "pentad/stack/kernel/epoll_buffers.hpp"
#include "pentad/stack/kernel/kernel_flows.hpp"
#include "pentad/stack/kernel/kernel_packets.hpp"
#include "pentad/stack/kernel/network_interfaces.hpp"
#include "pentad/stack/kernel/shortage.hpp"
#include "pentad/stack/stack.hpp"

namespace pentad::kernel {

class epoll_stack final : public stack {
 public:
  epoll_stack(epoll_engine& driver, event_loop& on) noexcept
      : engine(driver), loop(on), buffers(on), descriptors(on) {}

  result<owned_impl<unconnected_impl>> open_stream(address_family family,
                                                   const stream_options& options) override;
  result<owned_impl<datagram_impl>> open_datagram(address_family family,
                                                  const datagram_options& options) override;
  result<owned_impl<datagram_impl>> open_raw(ip_version version, ip_protocol protocol,
                                             const raw_options& options) override;
  result<owned_impl<packet_impl>> open_packets(const packet_options& options) override {
    return kernel::open_packets(engine, loop, options);
  }
  result<std::vector<network_interface>> interfaces() override { return list_network_interfaces(); }
  result<std::vector<flow>> flows() override { return read_flows(); }

  epoll_engine& engine;
  event_loop& loop;
  epoll_buffers buffers;
  shortage descriptors;
};

}  // namespace pentad::kernel
