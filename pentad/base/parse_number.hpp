#pragma once

/// Numbers that are a whole text: digits of a base alone (`std::from_chars`), no sign, no spaces.

#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>

namespace pentad {

/// Nothing for other text, and for a number that `Number` cannot hold.
template <std::unsigned_integral Number>
[[nodiscard]] std::optional<Number> parse_number(std::string_view text, int base = 10) noexcept {
  Number number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number, base);
  if (error != std::errc() || end != last) return {};
  return number;
}

}  // namespace pentad
