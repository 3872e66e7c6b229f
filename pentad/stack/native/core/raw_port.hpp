// A raw socket's end in the core: the packets of one protocol of IP (raw(7), RFC 3542), or the
// answers to the echo requests of one program (icmp(7), ping_group_range).
#pragma once

#include <bitset>

#include "pentad/base/ip_protocol.hpp"
#include "pentad/stack/native/core/datagram_port.hpp"
#include "pentad/stack/native/core/ip_packet.hpp"

namespace pentad::native {

class raw_ports;

struct raw_settings {
  ip_version version = ip_version::v4;
  ip_protocol protocol = ip_protocol::icmp;
  bool header_included = false;  ///< packets begin with their IPv4 header, both ways
  bool only_echo = false;        ///< sends echo requests with its own number, hears their answers
  std::optional<std::bitset<256>> types = {};       ///< of ICMP that it hears; all if empty
  std::optional<std::size_t> checksum_offset = {};  ///< IPv6: where a checksum belongs
};

class raw_port final : public datagram_port {
 public:
  /// Fixes the address that it hears and sends from. Errors: `address_not_available`.
  result<void> bind(const ip_address& local);
  result<void> connect(const endpoint& remote) override;
  void disconnect() noexcept override;
  /// The ports of endpoints do not matter. Errors besides those of all ports: `invalid_argument`
  /// for what is no packet that it may send.
  result<void> send(const port_message& message, instant now) override;
  void close() noexcept override;

  const raw_settings& settings() const noexcept { return settings_; }
  /// The types of ICMP that it hears from now on.
  void set_types(const std::bitset<256>& types) noexcept { settings_.types = types; }

 private:
  friend class raw_ports;

  raw_port(raw_ports& owner, port_news& news, const raw_settings& settings,
           std::uint16_t identifier) noexcept
      : datagram_port(news, {ip_address::any(settings.version), identifier}),
        owner_(owner),
        settings_(settings),
        bound_(local_.address) {}

  bool wants(const incoming_packet& arrived, std::span<const std::byte> content) const noexcept;
  bool wants(const path_error& about) const noexcept;

  raw_ports& owner_;
  raw_settings settings_;
  ip_address bound_;  // as its program has it, before a peer fixed what was left open
};

}  // namespace pentad::native
