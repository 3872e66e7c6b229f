// What the ports of UDP and raw sockets have in common: what has arrived and waits, what ICMP has
// said of what was sent, the groups that they hear, and how much they may have on the way out.
#pragma once

#include <deque>
#include <optional>
#include <system_error>
#include <vector>

#include "pentad/base/clock.hpp"
#include "pentad/base/endpoint.hpp"
#include "pentad/base/result.hpp"
#include "pentad/nic/packet.hpp"
#include "pentad/stack/native/core/group_memberships.hpp"
#include "pentad/stack/native/core/settings.hpp"

namespace pentad::native {

class interface;
class port_news;

/// A datagram, or a packet of a raw socket, that waits for its program.
struct arrived_datagram {
  packet payload;        ///< may be empty, but is always there
  endpoint source;       ///< never an IPv4 address in the form of IPv6
  endpoint destination;  ///< a group's address, if it was sent to one
  std::uint32_t interface = 0;
  std::uint8_t time_to_live = 0;  ///< or hop limit
  std::uint8_t traffic_class = 0;
};

/// What becomes of a datagram that is longer than its path takes.
enum class path_mtu_mode : std::uint8_t {
  off,     ///< fragmented here or by routers
  want,    ///< fragmented here, where the path is known to be narrow
  always,  ///< refused
  probe,   ///< sent if the interface takes it, and not fragmented (RFC 4821)
};

struct port_options {
  std::uint8_t time_to_live = 64;       ///< of packets to one host; or hop limit
  std::uint8_t group_time_to_live = 1;  ///< RFC 1112, section 6.1
  std::uint8_t traffic_class = 0;
  path_mtu_mode mtu = path_mtu_mode::want;
  bool broadcast = false;  ///< may send to all
  bool errors = false;     ///< what ICMP says is kept whole
  bool group_loop = true;  ///< members on this host hear what is sent to groups
  bool reuse_address = false;
  bool reuse_port = false;
  bool traced = false;
  std::uint32_t group_interface = 0;    ///< where groups are sent to; 0: as their route has it
  std::optional<std::uint32_t> device;  ///< the one interface whose packets it takes and sends
  std::size_t receive_buffer = 0;       ///< bytes of memory that may wait
  std::size_t send_buffer = 0;          ///< bytes of memory that may wait for NICs
};

/// As a fresh port has them.
port_options default_options(const core_settings& settings) noexcept;

/// One datagram to send; what is left out is as the port has it.
struct port_message {
  std::span<const std::byte> payload;
  std::optional<endpoint> to = {};
  std::optional<ip_address> from = {};
  std::uint32_t interface = 0;
  std::optional<std::uint8_t> time_to_live = {};
  std::optional<std::uint8_t> traffic_class = {};
  std::uint64_t sender = 0;  ///< of `packet_passage`
};

/// What came back about a datagram that was sent.
struct port_error {
  std::error_code code;
  bool is_local = false;  ///< found here before it was sent
  std::uint8_t type = 0;
  std::uint8_t icmp_code = 0;
  std::optional<std::uint32_t> mtu = {};
  std::optional<ip_address> reporter = {};
  endpoint destination;
  std::vector<std::byte> bytes = {};  ///< of the datagram, as much as was quoted
};

class datagram_port {
 public:
  datagram_port(const datagram_port&) = delete;
  datagram_port& operator=(const datagram_port&) = delete;
  virtual ~datagram_port();

  const endpoint& local() const noexcept { return local_; }
  /// The peer that it is connected to.
  const std::optional<endpoint>& remote() const noexcept { return remote_; }

  /// From now on it receives from `remote` only, and what has no other destination goes there. A
  /// local address that was left open is chosen. Errors: `network_unreachable`,
  /// `address_not_available`, `address_family_not_supported`, `address_in_use` if the chosen
  /// address has such a port.
  virtual result<void> connect(const endpoint& remote) = 0;
  virtual void disconnect() noexcept = 0;

  /// Sends a datagram. That it was sent does not mean that it left the host: datagrams get lost.
  /// Errors: `not_connected` without a destination; `invalid_argument`,
  /// `address_family_not_supported`, `message_size`, `network_unreachable`,
  /// `permission_denied` for a broadcast that was not allowed, `no_such_device`,
  /// `no_buffer_space`; `operation_would_block` when too much is on the way out, and then the port
  /// has news when there is room.
  virtual result<void> send(const port_message& message, instant now) = 0;

  virtual void close() noexcept = 0;

  /// The oldest datagram that waits.
  std::optional<arrived_datagram> receive() noexcept;
  const arrived_datagram* next() const noexcept {
    return queue_.empty() ? nullptr : &queue_.front();
  }
  bool has_datagrams() const noexcept { return !queue_.empty(); }

  /// What ICMP has said of what was sent, once; no error if it has said nothing.
  std::error_code take_error() noexcept { return std::exchange(error_, {}); }
  /// The oldest of the errors that are kept whole.
  std::optional<port_error> take_kept_error() noexcept;

  /// Errors: those of `group_memberships`; `no_such_device`.
  result<void> join(const group_request& wanted);
  result<void> leave(const group_request& wanted);

  port_options& options() noexcept { return options_; }
  const port_options& options() const noexcept { return options_; }

  std::size_t queued_memory() const noexcept { return queued_memory_; }
  std::uint64_t drops() const noexcept { return drops_; }

  void* user = nullptr;  ///< whose port it is

 protected:
  datagram_port(port_news& news, const endpoint& local) noexcept;

  void enqueue(arrived_datagram&& arrived);
  void refuse(port_error&& told, bool ends_operations);
  void notify();

  /// Whether it wants what was sent to a group or to all, by its interface and its groups.
  bool hears(const ip_address& group, const ip_address& source,
             std::uint32_t by_interface) const noexcept {
    return groups_.hears(group, source, by_interface);
  }
  bool hears_interface(std::uint32_t index) const noexcept {
    return !options_.device || *options_.device == index;
  }

  /// Whether another packet may be given to `out`; if not, there are news when it may.
  bool may_send(interface& out);
  /// What was put into the queue of `out` after `before` frames had been is this port's.
  void sent(const interface& out, std::uint64_t before);

  port_news& news_;
  endpoint local_;
  std::optional<endpoint> remote_;
  port_options options_;
  group_memberships groups_;

 private:
  friend class port_news;

  bool has_room() noexcept;

  // Frames that wait for an interface, up to the place in its queue that `until` counts.
  struct outstanding {
    const interface* out = nullptr;
    std::uint64_t until = 0;
    std::size_t memory = 0;
  };

  static constexpr std::size_t most_kept_errors = 64;

  std::deque<arrived_datagram> queue_;
  std::size_t queued_memory_ = 0;
  std::uint64_t drops_ = 0;
  std::error_code error_;
  std::deque<port_error> kept_errors_;
  std::deque<outstanding> outgoing_;
  std::size_t outgoing_memory_ = 0;
  const interface* blocked_by_ = nullptr;
  bool has_news_ = false;
};

}  // namespace pentad::native
