// Linux's stack with completions from io_uring.
#pragma once

#include <memory>

#include "pentad/runtime/event_loop.hpp"
#include "pentad/runtime/uring_engine.hpp"
#include "pentad/stack/kernel/kernel_flows.hpp"
#include "pentad/stack/kernel/kernel_packets.hpp"
#include "pentad/stack/kernel/network_interfaces.hpp"
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
  result<owned_impl<datagram_impl>> open_datagram(address_family family,
                                                  const datagram_options& options) override;
  result<owned_impl<datagram_impl>> open_raw(ip_version version, ip_protocol protocol,
                                             const raw_options& options) override;
  result<owned_impl<packet_impl>> open_packets(const packet_options& options) override {
    return kernel::open_packets(engine, loop, options);
  }
  result<std::vector<network_interface>> interfaces() override { return list_network_interfaces(); }
  result<std::vector<flow>> flows() override { return read_flows(); }

  uring_engine& engine;
  event_loop& loop;
  std::unique_ptr<uring_buffers> buffers;
  shortage descriptors;

 private:
  uring_stack(uring_engine& driver, event_loop& on, std::unique_ptr<uring_buffers> lent) noexcept
      : engine(driver), loop(on), buffers(std::move(lent)), descriptors(on) {}
};

}  // namespace pentad::kernel
