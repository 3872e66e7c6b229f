// Text taken apart into code points, as it comes from people and strangers: not always UTF-8.
#pragma once

#include <cstddef>
#include <string_view>

namespace pentad::terminal {

struct code_point {
  static constexpr char32_t replacement = U'\uFFFD';

  char32_t value = replacement;  ///< `replacement` for a byte that is not UTF-8
  std::size_t size = 1;          ///< its bytes
};

/// The first of `text`, which is not empty.
code_point first_code_point(std::string_view text) noexcept;

/// Appends `value` as UTF-8.
template <class String>
void append_utf8(String& out, char32_t value) {
  const auto tail = [&](unsigned shift) {
    out += static_cast<char>(0x80U | (static_cast<unsigned>(value) >> shift & 0x3fU));
  };
  if (value < 0x80) {
    out += static_cast<char>(value);
  } else if (value < 0x800) {
    out += static_cast<char>(0xc0U | value >> 6);
    tail(0);
  } else if (value < 0x10000) {
    out += static_cast<char>(0xe0U | value >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0U | value >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace pentad::terminal
