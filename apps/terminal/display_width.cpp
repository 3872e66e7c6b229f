#include "apps/terminal/display_width.hpp"

#include <wchar.h>

#include "apps/terminal/code_point.hpp"

namespace pentad::terminal {

display_width::display_width() : utf8_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {}

display_width::~display_width() {
  if (utf8_ != nullptr) ::freelocale(utf8_);
}

std::size_t display_width::of(char32_t code) const noexcept {
  if (code < 0x80 || utf8_ == nullptr) return 1;
  const locale_t before = ::uselocale(utf8_);
  const int columns = ::wcwidth(static_cast<wchar_t>(code));
  ::uselocale(before);
  return columns < 0 ? 1 : static_cast<std::size_t>(columns);
}

std::size_t display_width::of(std::string_view text) const noexcept {
  std::size_t columns = 0;
  while (!text.empty()) {
    const code_point next = first_code_point(text);
    columns += of(next.value);
    text.remove_prefix(next.size);
  }
  return columns;
}

}  // namespace pentad::terminal
