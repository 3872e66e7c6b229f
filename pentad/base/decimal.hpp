#pragma once

/// Decimal numbers inside addresses, read strictly and at compile time too (`std::from_chars`
/// cannot yet).

#include <cstdint>
#include <optional>
#include <string_view>

namespace pentad {

[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// The number from 0 to `maximum` that `text` is: digits alone, no sign, and no leading zero, which
/// some programs read as octal (RFC 6943 section 3.1.1).
[[nodiscard]] constexpr std::optional<std::uint32_t> parse_decimal(std::string_view text,
                                                                   std::uint32_t maximum) noexcept {
  if (text.empty() || (text.front() == '0' && text.size() > 1)) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
    if (value > maximum) return std::nullopt;
  }
  return static_cast<std::uint32_t>(value);
}

}  // namespace pentad
