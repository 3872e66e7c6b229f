#pragma once

/// The 48-bit hardware address of a network interface (IEEE 802).

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "pentad/base/byte_order.hpp"
#include "pentad/base/result.hpp"
#include "pentad/base/text_writer.hpp"

namespace pentad {

class mac_address {
 public:
  /// Length on the wire and in memory.
  static constexpr std::size_t size = 6;

  /// 00:00:00:00:00:00
  constexpr mac_address() noexcept = default;

  explicit constexpr mac_address(std::array<std::byte, size> bytes) noexcept : bytes_{bytes} {}

  constexpr mac_address(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d,
                        std::uint8_t e, std::uint8_t f) noexcept
      : bytes_{std::byte{a}, std::byte{b}, std::byte{c}, std::byte{d}, std::byte{e}, std::byte{f}} {
  }

  /// ff:ff:ff:ff:ff:ff
  [[nodiscard]] static constexpr mac_address broadcast() noexcept {
    return {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  }

  /// Reads `aa:bb:cc:dd:ee:ff`, in either case.
  /// Errors: `errc::malformed_address`.
  [[nodiscard]] static result<mac_address> parse(std::string_view text);

  /// In the order of transmission.
  [[nodiscard]] constexpr std::span<const std::byte, size> bytes() const noexcept { return bytes_; }

  /// Whether it names a group of interfaces. Broadcast is such a group.
  [[nodiscard]] constexpr bool is_multicast() const noexcept {
    return (bytes_[0] & std::byte{1}) != std::byte{0};
  }

  [[nodiscard]] constexpr bool is_broadcast() const noexcept { return *this == broadcast(); }

  friend constexpr auto operator<=>(const mac_address&, const mac_address&) noexcept = default;

  // Each frame is compared, and compilers compare arrays byte by byte.
  friend constexpr bool operator==(const mac_address& a, const mac_address& b) noexcept {
    return load_be32(a.bytes_.data()) == load_be32(b.bytes_.data()) &&
           load_be16(&a.bytes_[4]) == load_be16(&b.bytes_[4]);
  }

 private:
  std::array<std::byte, size> bytes_{};
};

/// Writes `aa:bb:cc:dd:ee:ff`, 17 characters.
void format_to(text_writer& out, const mac_address& address) noexcept;
[[nodiscard]] std::string to_string(const mac_address& address);

}  // namespace pentad

template <>
struct std::hash<pentad::mac_address> {
  [[nodiscard]] std::size_t operator()(const pentad::mac_address& address) const noexcept;
};
