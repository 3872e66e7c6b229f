#include "apps/terminal/code_point.hpp"

#include "pentad/base/utf8.hpp"

namespace pentad::terminal {

code_point first_code_point(std::string_view text) noexcept {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) return {first, 1};
  const std::size_t size = utf8_length(text);
  if (size == 0) return {};
  auto value = static_cast<char32_t>(first & (0x7fU >> size));
  for (std::size_t i = 1; i < size; ++i) {
    value = value << 6 | (static_cast<unsigned char>(text[i]) & 0x3fU);
  }
  return {value, size};
}

}  // namespace pentad::terminal
