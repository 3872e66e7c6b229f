// One port of UDP: what has arrived for it and waits, and what it sends.
#pragma once

#include "pentad/stack/native/core/datagram_port.hpp"

namespace pentad::native {

class udp_ports;

class udp_port final : public datagram_port {
 public:
  result<void> connect(const endpoint& remote) override;
  void disconnect() noexcept override;
  result<void> send(const port_message& message, instant now) override;
  void close() noexcept override;

  /// Sends to the peer.
  result<void> send(std::span<const std::byte> payload, instant now) {
    return send(port_message{.payload = payload}, now);
  }
  /// Sends to anybody.
  result<void> send_to(std::span<const std::byte> payload, const endpoint& to, instant now) {
    return send(port_message{.payload = payload, .to = to}, now);
  }

 private:
  friend class udp_ports;

  udp_port(udp_ports& owner, port_news& news, const endpoint& local, bool v6_only) noexcept
      : datagram_port(news, local), owner_(owner), bound_(local.address), v6_only_(v6_only) {}

  bool can_reach(const ip_address& to) const noexcept;

  udp_ports& owner_;
  ip_address bound_;  // as its program has it, before a peer fixed what was left open
  bool v6_only_;
};

}  // namespace pentad::native
