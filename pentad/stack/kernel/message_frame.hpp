// One message on its way through sendmsg(2) or recvmsg(2): the structures that the system reads and
// fills, and what they mean.
#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cstddef>

#include "pentad/stack/datagram.hpp"
#include "pentad/stack/kernel/socket_calls.hpp"

namespace pentad::kernel {

/// What kind of message a socket carries.
struct message_kind {
  address_family family = address_family::v4;
  bool is_udp = false;
  bool begins_with_ip_header = false;  ///< raw IPv4 ...
  bool shows_ip_header = false;        ///< ... and the program is to see it
};

/// The bytes of the IPv4 header that a packet begins with, as it counts them itself (RFC 791,
/// section 3.1); no more than there are.
std::size_t ip_header_size(std::span<const std::byte> packet) noexcept;

/// Points into itself, so it stays where it is.
class message_frame {
 public:
  message_frame() noexcept = default;
  message_frame(const message_frame&) = delete;
  message_frame& operator=(const message_frame&) = delete;

  /// For recvmsg.
  void prepare_receive(std::span<std::byte> buffer) noexcept;

  /// What recvmsg, called with MSG_TRUNC, has filled in. `size` is what it returned.
  received_datagram take_received(const message_kind& kind, std::size_t size) noexcept;

  /// For sendmsg. Returns errno for what this kind of socket cannot do.
  int prepare_send(const message_kind& kind, const outgoing_datagram& outgoing) noexcept;

  /// What was prepared, without waiting: sendmsg, or the cheaper sendto where that says all.
  ssize_t send(int descriptor) const noexcept;

  msghdr& header() noexcept { return header_; }
  const msghdr& header() const noexcept { return header_; }

  /// Where it came from, or went to; none when recvmsg gave no address.
  std::optional<socket_address> name() noexcept;

 private:
  template <class Value>
  void add_control(int level, int type, const Value& value) noexcept;
  int add_source(const outgoing_datagram& outgoing, bool is_v4) noexcept;

  msghdr header_{};
  iovec vector_{};
  native_address name_;
  alignas(cmsghdr) std::array<std::byte, 320> control_;
};

}  // namespace pentad::kernel
