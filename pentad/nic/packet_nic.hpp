// A NIC that is a network interface of this machine, which Linux goes on using: a packet socket
// (packet(7)) with the header of virtio-net. Its address is the interface's own.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "pentad/base/ip_address.hpp"
#include "pentad/nic/virtio_device.hpp"

namespace pentad {

class packet_nic final : public virtio_device {
 public:
  /// Takes part in the link of the Ethernet interface `name`, as long as this object lives. Frames
  /// of a VLAN on it are left to the VLAN's own interface. Both `pool` and `engine` must outlive
  /// the NIC.
  ///
  /// Errors: `operation_not_permitted` without CAP_NET_RAW; `no_such_device`; `network_down`;
  /// `wrong_protocol_type`, the interface is no Ethernet; others of socket(2) and setsockopt(2).
  /// `explain_packet_nic_error` has them in words.
  static result<std::unique_ptr<packet_nic>> open(std::string_view name, packet_pool& pool,
                                                  descriptor_engine& engine);

 private:
  using virtio_device::virtio_device;

  result<void> attach(std::string_view name);
  result<void> negotiate();
  std::ptrdiff_t read_parts(std::span<const iovec> parts) noexcept override;
};

/// Why `packet_nic::open` failed and what to do about it, as a sentence.
std::string explain_packet_nic_error(std::error_code error, std::string_view name);

/// Whether Linux has the address in the calling thread's network namespace, and so would answer
/// what is for another stack: with resets, for it knows nothing of its connections.
bool is_address_of_linux(const ip_address& address);

}  // namespace pentad
