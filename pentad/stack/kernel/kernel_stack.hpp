// What Linux's stack does alike on both engines.
#pragma once

#include <memory>

#include "pentad/runtime/descriptor.hpp"
#include "pentad/runtime/event_loop.hpp"
#include "pentad/stack/kernel/kernel_flows.hpp"
#include "pentad/stack/kernel/kernel_packets.hpp"
#include "pentad/stack/kernel/network_interfaces.hpp"
#include "pentad/stack/kernel/read_ahead.hpp"
#include "pentad/stack/kernel/shortage.hpp"
#include "pentad/stack/stack.hpp"

namespace pentad::kernel {

class kernel_stack : public stack {
 public:
  result<owned_impl<packet_impl>> open_packets(const packet_options& options) final {
    return kernel::open_packets(*loop.engine().descriptors(), loop, options);
  }
  result<std::vector<network_interface>> interfaces() final { return list_network_interfaces(); }
  result<std::vector<flow>> flows() final { return read_flows(); }

  event_loop& loop;
  shortage descriptors;
  std::unique_ptr<read_ahead> ahead =
      std::make_unique<read_ahead>();  ///< null while a socket has it

 protected:
  explicit kernel_stack(event_loop& on) : loop(on), descriptors(on) {}
};

}  // namespace pentad::kernel
