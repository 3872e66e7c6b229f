#pragma once

/// The text of IP addresses in numbers alone, read without asking the system and so at compile
/// time too: `constexpr auto dns = *parse_ip_literal("2001:4860:4860::8888");`

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "pentad/base/byte_order.hpp"
#include "pentad/base/decimal.hpp"
#include "pentad/base/hexadecimal.hpp"
#include "pentad/base/ip_address.hpp"

namespace pentad {

namespace literal {

[[nodiscard]] constexpr std::optional<std::array<std::byte, 4>> parse_v4_bytes(
    std::string_view text) noexcept {
  std::array<std::byte, 4> bytes{};
  for (std::size_t i = 0; i != bytes.size(); ++i) {
    const bool last = i + 1 == bytes.size();
    const std::size_t end = last ? text.size() : text.find('.');
    if (end == std::string_view::npos) return std::nullopt;
    const auto value = parse_decimal(text.substr(0, end), 255);
    if (!value) return std::nullopt;
    bytes[i] = static_cast<std::byte>(*value);
    if (!last) text.remove_prefix(end + 1);
  }
  return bytes;
}

[[nodiscard]] constexpr std::optional<std::array<std::byte, 16>> parse_v6_bytes(
    std::string_view text) noexcept {
  std::array<std::byte, 16> bytes{};
  std::size_t filled = 0;
  std::optional<std::size_t> gap;  // where the zeros of "::" go
  if (text.starts_with("::")) {
    gap = 0;
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    const std::size_t end = text.find(':');
    const std::string_view part = text.substr(0, end);
    if (end == std::string_view::npos && part.find('.') != std::string_view::npos) {
      const auto tail = parse_v4_bytes(part);
      if (!tail || filled > bytes.size() - tail->size()) return std::nullopt;
      for (const std::byte b : *tail) bytes[filled++] = b;
      break;
    }
    const auto group = parse_hexadecimal(part);
    if (!group || filled == bytes.size()) return std::nullopt;
    store_be16(bytes.data() + filled, *group);
    filled += 2;
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
    if (text.starts_with(':')) {
      if (gap) return std::nullopt;
      gap = filled;
      text.remove_prefix(1);
    } else if (text.empty()) {
      return std::nullopt;
    }
  }
  // "::" stands for one group at least, so a full address has no room for it.
  if (gap.has_value() == (filled == bytes.size())) return std::nullopt;
  if (gap) {
    std::copy_backward(bytes.begin() + static_cast<std::ptrdiff_t>(*gap),
                       bytes.begin() + static_cast<std::ptrdiff_t>(filled), bytes.end());
    const std::size_t zeros = bytes.size() - filled;
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(*gap), zeros, std::byte{0});
  }
  return bytes;
}

}  // namespace literal

/// The address that `text` writes, in the forms of `ip_address::parse` except that a scope must be
/// a number. Nothing when the text is malformed.
[[nodiscard]] constexpr std::optional<ip_address> parse_ip_literal(std::string_view text) noexcept {
  if (text.find(':') == std::string_view::npos) {
    const auto bytes = literal::parse_v4_bytes(text);
    if (!bytes) return std::nullopt;
    return ip_address::v4(*bytes);
  }
  const std::size_t percent = text.find('%');
  const auto bytes = literal::parse_v6_bytes(text.substr(0, percent));
  if (!bytes) return std::nullopt;
  if (percent == std::string_view::npos) return ip_address::v6(*bytes);
  const auto scope = parse_decimal(text.substr(percent + 1), UINT32_MAX);
  if (!scope) return std::nullopt;
  return ip_address::v6(*bytes, *scope);
}

/// Whether `text` can name an interface after `%`: up to 15 letters, digits, `.`, `_` and `-`, not
/// digits alone. Linux allows names that would make the text of an address ambiguous; the scopes of
/// such interfaces are written as numbers.
[[nodiscard]] constexpr bool is_interface_name(std::string_view text) noexcept {
  constexpr std::size_t longest = 15;  // IFNAMSIZ without its terminating zero
  if (text.empty() || text.size() > longest) return false;
  bool has_other_than_digits = false;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !is_digit(c) && c != '.' && c != '_' && c != '-') return false;
    has_other_than_digits |= !is_digit(c);
  }
  return has_other_than_digits;
}

}  // namespace pentad
