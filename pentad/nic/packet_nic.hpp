// A NIC that is a network interface of this machine, which Linux goes on using: a packet socket
// (packet(7)) with the header of virtio-net. Its address is the interface's own.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "pentad/base/ip_address.hpp"
#include "pentad/nic/packet_receive_ring.hpp"
#include "pentad/nic/virtio_device.hpp"

namespace pentad {

/// How frames are to come in: without a call for each, or by one.
enum class packet_receiving : unsigned char { by_ring, by_call };

class packet_nic final : public virtio_device {
 public:
  /// Takes part in the link of the Ethernet interface `name`, as long as this object lives. Frames
  /// of a VLAN on it are left to the VLAN's own interface. Where Linux gives no ring to receive by
  /// (`ring_error`), frames come by calls. Both `pool` and `engine` must outlive the NIC.
  ///
  /// Errors: `operation_not_permitted` without CAP_NET_RAW; `no_such_device`; `network_down`;
  /// `wrong_protocol_type`, the interface is no Ethernet; others of socket(2) and setsockopt(2).
  /// `explain_packet_nic_error` has them in words.
  static result<std::unique_ptr<packet_nic>> open(
      std::string_view name, packet_pool& pool, descriptor_engine& engine,
      packet_receiving wanted = packet_receiving::by_ring);

  /// Whether frames come in by a ring, and why not if one was wanted.
  bool has_ring() const noexcept { return ring_.is_open(); }
  std::error_code ring_error() const noexcept { return ring_error_; }

  /// Frames that came faster than they were taken, so that Linux had no room for them.
  std::uint64_t lost() const noexcept;

  /// Those that were lost are among the drops.
  [[nodiscard]] nic_counters counters() const noexcept override;

 private:
  using virtio_device::virtio_device;

  result<void> attach(std::string_view name);
  result<void> negotiate();
  std::ptrdiff_t read_parts(std::span<const iovec> parts) noexcept override;
  std::ptrdiff_t read_from_socket(std::span<const iovec> parts) noexcept;
  std::size_t write_frames(std::span<const outgoing_frame> outgoing) noexcept override;

  packet_receive_ring ring_;
  std::error_code ring_error_;
  mutable std::uint64_t lost_ = 0;  // as far as Linux was asked
};

/// Why `packet_nic::open` failed and what to do about it, as a sentence.
std::string explain_packet_nic_error(std::error_code error, std::string_view name);

/// Whether Linux has the address in the calling thread's network namespace, and so would answer
/// what is for another stack: with resets, for it knows nothing of its connections.
bool is_address_of_linux(const ip_address& address);

}  // namespace pentad
