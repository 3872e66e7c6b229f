// The network management software of one host, as sockets see it: Linux's, Pentad's own, or a
// simulated host's. A program never sees it.
#pragma once

#include <vector>

#include "pentad/base/ip_protocol.hpp"
#include "pentad/base/result.hpp"
#include "pentad/base/socket_address.hpp"
#include "pentad/stack/datagram_impl.hpp"
#include "pentad/stack/flow.hpp"
#include "pentad/stack/network_interface.hpp"
#include "pentad/stack/operations.hpp"
#include "pentad/stack/packet_impl.hpp"
#include "pentad/stack/stream_impl.hpp"

namespace pentad {

/// The kinds of address that a socket may have.
enum class address_family : unsigned char { v4, v6, local };

constexpr address_family family_of(ip_version version) noexcept {
  return version == ip_version::v4 ? address_family::v4 : address_family::v6;
}
constexpr address_family family_of(const socket_address& address) noexcept {
  return address.is_unix() ? address_family::local : family_of(address.ip().address.version());
}

class stack {
 public:
  virtual ~stack() = default;

  /// socket(): a stream socket with `options` set, not bound, not connected.
  virtual result<owned_impl<unconnected_impl>> open_stream(address_family family,
                                                           const stream_options& options) = 0;

  /// socket(): a datagram socket with `options` set, not bound, not connected.
  virtual result<owned_impl<datagram_impl>> open_datagram(address_family family,
                                                          const datagram_options& options) = 0;

  /// socket(): a raw socket of one protocol.
  virtual result<owned_impl<datagram_impl>> open_raw(ip_version version, ip_protocol protocol,
                                                     const raw_options& options) = 0;

  /// socket(): a packet socket that hears all frames from now on.
  virtual result<owned_impl<packet_impl>> open_packets(const packet_options& options) = 0;

  /// The network interfaces, in the order of their numbers.
  virtual result<std::vector<network_interface>> interfaces() = 0;

  /// Whether all that programs have closed and aborted so far is done with: sent, and acknowledged
  /// where it has to be. Linux goes on with that when a program has ended; a stack that ends with
  /// its program must be given the time.
  virtual bool is_settled() const noexcept { return true; }

  /// All that is alive on it. Errors: `operation_not_supported` of a stack that does not know, and
  /// its own.
  virtual result<std::vector<flow>> flows() { return failure(std::errc::operation_not_supported); }
};

}  // namespace pentad
