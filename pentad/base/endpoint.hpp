#pragma once

/// One end of a conversation: an IP address and a port.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "pentad/base/hash.hpp"
#include "pentad/base/ip_address.hpp"
#include "pentad/base/result.hpp"
#include "pentad/base/text_writer.hpp"

namespace pentad {

/// Ordered by address, then port.
struct endpoint {
  /// The most characters that its text can have.
  static constexpr std::size_t text_capacity = ip_address::text_capacity + 8;
  /// The most characters that its JSON can have.
  static constexpr std::size_t json_capacity = ip_address::text_capacity + 28;

  ip_address address;
  std::uint16_t port = 0;

  /// 0.0.0.0:0
  constexpr endpoint() noexcept = default;
  constexpr endpoint(ip_address address_, std::uint16_t port_) noexcept
      : address{address_}, port{port_} {}

  /// Reads `10.9.0.1:6667` or `[fe80::1%veth0]:53`.
  /// Errors: `errc::malformed_address`; `no_such_device`, no interface has that name.
  [[nodiscard]] static result<endpoint> parse(std::string_view text);

  friend constexpr auto operator<=>(const endpoint&, const endpoint&) noexcept = default;
};

/// Writes `10.9.0.1:6667` or `[fe80::1%veth0]:53`.
void format_to(text_writer& out, const endpoint& x) noexcept;
[[nodiscard]] std::string to_string(const endpoint& x);

/// Writes `{"address":"10.9.0.1","port":6667}`.
void format_json_to(text_writer& out, const endpoint& x) noexcept;
[[nodiscard]] std::string to_json(const endpoint& x);

}  // namespace pentad

template <>
struct std::hash<pentad::endpoint> {
  [[nodiscard]] std::size_t operator()(const pentad::endpoint& x) const noexcept {
    return static_cast<std::size_t>(
        pentad::hash_finish(pentad::hash_step(x.address.hash(0), x.port)));
  }
};
