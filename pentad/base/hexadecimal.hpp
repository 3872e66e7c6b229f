#pragma once

/// Hexadecimal numbers inside addresses, read at compile time too.

#include <cstdint>
#include <optional>
#include <string_view>

namespace pentad {

/// The number that one to four hexadecimal digits of either case are; nothing for other text.
[[nodiscard]] constexpr std::optional<std::uint16_t> parse_hexadecimal(
    std::string_view text) noexcept {
  if (text.empty() || text.size() > 4) return std::nullopt;
  unsigned value = 0;
  for (const char c : text) {
    unsigned digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<unsigned>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<unsigned>(c - 'a') + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<unsigned>(c - 'A') + 10;
    } else {
      return std::nullopt;
    }
    value = value << 4 | digit;
  }
  return static_cast<std::uint16_t>(value);
}

}  // namespace pentad
