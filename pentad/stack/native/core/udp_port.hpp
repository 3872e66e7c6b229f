// One port of UDP: what has arrived for it and waits, and what it sends.
#pragma once

#include <deque>
#include <optional>
#include <system_error>

#include "pentad/base/clock.hpp"
#include "pentad/base/endpoint.hpp"
#include "pentad/base/result.hpp"
#include "pentad/nic/packet.hpp"

namespace pentad::native {

class udp_ports;

struct received_datagram {
  packet payload;        ///< may be empty, but is always there
  endpoint source;       ///< never an IPv4 address in the form of IPv6
  endpoint destination;  ///< a group's address, if it was sent to one
  std::uint32_t interface = 0;
  std::uint8_t time_to_live = 0;  ///< or hop limit
  std::uint8_t traffic_class = 0;
};

class udp_port {
 public:
  udp_port(const udp_port&) = delete;
  udp_port& operator=(const udp_port&) = delete;

  const endpoint& local() const noexcept { return local_; }
  /// The peer that it is connected to.
  const std::optional<endpoint>& remote() const noexcept { return remote_; }

  /// From now on it receives from `remote` only, and `send` goes there. A local address that was
  /// left open is chosen. Errors: `network_unreachable`, `address_not_available`,
  /// `address_family_not_supported`, `address_in_use` if the chosen address has such a port.
  result<void> connect(const endpoint& remote);
  void disconnect() noexcept { remote_.reset(); }

  /// Sends to the peer. Errors: `not_connected`, and those of `send_to`.
  result<void> send(std::span<const std::byte> payload, instant now);

  /// Sends to anybody. That it was sent does not mean that it left the host: datagrams get lost.
  /// Errors: `invalid_argument` for port 0, `address_family_not_supported`, `message_size` beyond
  /// 65,507 bytes (IPv4) or 65,527, `network_unreachable`, `permission_denied` for a broadcast that
  /// was not allowed, `no_buffer_space`.
  result<void> send_to(std::span<const std::byte> payload, const endpoint& to, instant now);

  /// The oldest datagram that waits.
  std::optional<received_datagram> receive() noexcept;
  bool has_datagrams() const noexcept { return !queue_.empty(); }

  /// What ICMP has said of what was sent to the peer, once; no error if it has said nothing.
  std::error_code take_error() noexcept { return std::exchange(error_, {}); }

  void allow_broadcast(bool allowed) noexcept { broadcast_allowed_ = allowed; }
  /// Of packets to one host; those to a group have 1, as RFC 1112 section 6.1 has it.
  void set_time_to_live(std::uint8_t hops) noexcept { time_to_live_ = hops; }
  void set_group_time_to_live(std::uint8_t hops) noexcept { group_time_to_live_ = hops; }
  void set_traffic_class(std::uint8_t value) noexcept { traffic_class_ = value; }
  /// Bytes of memory that may wait.
  void set_receive_buffer(std::size_t bytes) noexcept { most_queued_ = bytes; }

  std::size_t queued_memory() const noexcept { return queued_memory_; }

 private:
  friend class udp_ports;

  udp_port(udp_ports& owner, const endpoint& local, bool v6_only, std::size_t receive_buffer,
           std::uint8_t time_to_live) noexcept
      : owner_(owner),
        local_(local),
        v6_only_(v6_only),
        time_to_live_(time_to_live),
        most_queued_(receive_buffer) {}

  udp_ports& owner_;
  endpoint local_;
  std::optional<endpoint> remote_;
  bool v6_only_;
  bool broadcast_allowed_ = false;
  bool has_news_ = false;
  std::uint8_t time_to_live_;
  std::uint8_t group_time_to_live_ = 1;
  std::uint8_t traffic_class_ = 0;
  std::deque<received_datagram> queue_;
  std::size_t queued_memory_ = 0;
  std::size_t most_queued_;
  std::error_code error_;
};

}  // namespace pentad::native
