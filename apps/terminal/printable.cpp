#include "apps/terminal/printable.hpp"

#include <algorithm>
#include <cstddef>

#include "apps/terminal/code_point.hpp"

namespace pentad::terminal {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool is_hexadecimal(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::size_t count_of(std::string_view text, std::size_t most, bool (*accepts)(char)) noexcept {
  const std::string_view looked_at = text.substr(0, most);
  const auto* end = std::ranges::find_if_not(looked_at, accepts);
  return static_cast<std::size_t>(end - looked_at.begin());
}

/// The length of the one or two colours after a colour code: `4`, `04,12`.
std::size_t colours_length(std::string_view text, std::size_t most,
                           bool (*accepts)(char)) noexcept {
  const std::size_t foreground = count_of(text, most, accepts);
  if (foreground == 0 || !text.substr(foreground).starts_with(',')) return foreground;
  const std::size_t background = count_of(text.substr(foreground + 1), most, accepts);
  return background == 0 ? foreground : foreground + 1 + background;
}

/// The length of the formatting code that `text` begins with; 0 if it is none.
std::size_t formatting_length(std::string_view text) noexcept {
  switch (text.front()) {
    case '\x02':  // bold
    case '\x0f':  // reset
    case '\x11':  // monospace
    case '\x16':  // reverse
    case '\x1d':  // italics
    case '\x1e':  // strikethrough
    case '\x1f':  // underline
      return 1;
    case '\x03':
      return 1 + colours_length(text.substr(1), 2, is_digit);
    case '\x04':
      return 1 + colours_length(text.substr(1), 6, is_hexadecimal);
    default:
      return 0;
  }
}

/// Marks that make text read otherwise than it is written: U+200E, U+200F, U+061C and the
/// embeddings, overrides and isolates (Unicode Standard Annex 9, section 2).
bool turns_direction(char32_t c) noexcept {
  return c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

char32_t shown(char32_t c) noexcept {
  if (c == '\t') return ' ';
  if (c < 0x20) return 0x2400 + c;
  if (c == 0x7f) return 0x2421;
  const bool is_c1 = c >= 0x80 && c < 0xa0;
  const bool ends_line = c == 0x2028 || c == 0x2029;
  return is_c1 || ends_line || turns_direction(c) ? code_point::replacement : c;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    if (const std::size_t skipped = formatting_length(text); skipped != 0) {
      text.remove_prefix(skipped);
      continue;
    }
    const code_point next = first_code_point(text);
    append_utf8(safe, shown(next.value));
    text.remove_prefix(next.size);
  }
  return safe;
}

}  // namespace pentad::terminal
