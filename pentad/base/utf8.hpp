#pragma once

/// UTF-8 (RFC 3629).

#include <cstddef>
#include <string_view>

namespace pentad {

/// How many bytes the character has that `text`, which is not empty, begins with; 0 if there is
/// none: no overlong forms, no surrogates, nothing over U+10FFFF, nothing cut off.
[[nodiscard]] std::size_t utf8_length(std::string_view text) noexcept;

/// Whether it consists of such characters alone.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

/// The longest beginning of `text` that has at most `size` bytes and does not end inside a
/// character.
[[nodiscard]] std::string_view truncated_utf8(std::string_view text, std::size_t size) noexcept;

}  // namespace pentad
