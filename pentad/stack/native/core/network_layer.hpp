// The network layer, as transports see it.
#pragma once

#include "pentad/base/result.hpp"
#include "pentad/stack/native/core/ip_packet.hpp"

namespace pentad::native {

class network_layer {
 public:
  /// The way to `destination`, from `source` if that is given (not unspecified). Errors:
  /// `network_unreachable`, `address_not_available` for a source that is not this host's.
  virtual result<path> find_path(const ip_address& destination, const ip_address& source) = 0;

  /// Whether packets to `address` are for this host.
  virtual bool is_local(const ip_address& address) const noexcept = 0;

  /// A router has said that the path takes no packet longer than `mtu`, and the transport has made
  /// sure that the router has seen one of its own. Returns what holds now; 0 if the claim cannot be
  /// true.
  virtual std::uint32_t lower_path_mtu(const ip_address& destination, std::uint32_t mtu) = 0;

  /// Sends, or queues until the neighbour's address is known, or drops and counts.
  virtual void send(outgoing_packet&& packet, instant now) = 0;

 protected:
  ~network_layer() = default;
};

}  // namespace pentad::native
