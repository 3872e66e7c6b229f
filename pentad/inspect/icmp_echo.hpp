#pragma once

/// Echo requests and their replies (RFC 792, RFC 4443 section 4), as raw sockets carry them.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "pentad/base/ip_address.hpp"

namespace pentad {

struct icmp_echo {
  bool is_reply = false;
  std::uint16_t identifier = 0;  ///< who asks
  std::uint16_t sequence = 0;
  std::span<const std::byte> data{};

  /// The types of request and reply.
  [[nodiscard]] static std::uint8_t request_type(ip_version version) noexcept;
  [[nodiscard]] static std::uint8_t reply_type(ip_version version) noexcept;

  /// `message` begins with the ICMP header; its checksum is not looked at, for a stack has done
  /// that, and a message that an error quotes may be cut. None: it is another message.
  [[nodiscard]] static std::optional<icmp_echo> parse(ip_version version,
                                                      std::span<const std::byte> message) noexcept;

  [[nodiscard]] std::size_t size() const noexcept;

  /// Writes `size()` bytes. Of IPv6 the checksum covers the addresses, and the stack sets it (RFC
  /// 3542 section 3.1).
  void emit(ip_version version, std::span<std::byte> out) const noexcept;
};

}  // namespace pentad
