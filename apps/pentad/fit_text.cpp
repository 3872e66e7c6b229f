#include "apps/pentad/fit_text.hpp"

#include <string_view>

#include "apps/terminal/code_point.hpp"
#include "apps/terminal/display_width.hpp"

namespace pentad::command {

std::string fit_text(std::string text, std::size_t width) {
  const terminal::display_width columns;
  std::size_t used = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    const terminal::code_point next = terminal::first_code_point(rest);
    used += columns.of(next.value);
    if (used > width) break;
    rest.remove_prefix(next.size);
  }
  text.resize(text.size() - rest.size());
  return text;
}

}  // namespace pentad::command
