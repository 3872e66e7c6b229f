// The socket with which `ping` and `trace` ask for echoes, with as little privilege as the system
// wants.
#pragma once

#include <cstdint>
#include <optional>

#include "pentad/inspect/icmp_echo.hpp"
#include "pentad/socket/host.hpp"

namespace pentad::command {

class icmp_socket {
 public:
  /// One that needs no privilege where the system allows it, else a raw one. It receives echo
  /// replies, and errors come as reports. Errors: `errc::needs_ping_group`, those of `host::raw`.
  static result<icmp_socket> open(host& here, ip_version version);

  [[nodiscard]] raw_socket& socket() noexcept { return socket_; }

  /// What requests are to carry; a stack that knows better writes its own over it.
  [[nodiscard]] std::uint16_t identifier() const noexcept { return identifier_; }

  /// The sequence number of a reply to one of this socket's requests.
  [[nodiscard]] std::optional<std::uint16_t> replied(
      std::span<const std::byte> message) const noexcept;

  /// The sequence number of a request of this socket that an error quotes.
  [[nodiscard]] std::optional<std::uint16_t> quoted(
      std::span<const std::byte> message) const noexcept;

 private:
  icmp_socket(raw_socket socket, ip_version version, bool is_unprivileged,
              std::uint16_t identifier) noexcept
      : socket_(std::move(socket)),
        version_(version),
        is_unprivileged_(is_unprivileged),
        identifier_(identifier) {}

  bool is_ours(const icmp_echo& echo) const noexcept {
    return is_unprivileged_ || echo.identifier == identifier_;
  }

  raw_socket socket_;
  ip_version version_;
  bool is_unprivileged_;  // and hears of nobody else's requests
  std::uint16_t identifier_;
};

}  // namespace pentad::command
