#pragma once

/// A domain that completes names, as text, where nothing is allocated.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace pentad::wire {

/// With dots, without one at its end.
struct domain_text {
  static constexpr std::size_t capacity = 253;

  std::array<char, capacity> text{};
  std::uint8_t size = 0;

  [[nodiscard]] constexpr std::string_view name() const noexcept { return {text.data(), size}; }

  /// Whether there was room for it, and it was what hosts are called: letters, digits, `-` and `_`.
  bool add_label(std::span<const std::byte> label) noexcept;
};

}  // namespace pentad::wire
