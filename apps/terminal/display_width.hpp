// How many columns of a terminal text takes: none for combining marks, two for East Asian
// characters and emoji.
#pragma once

#include <locale.h>

#include <cstddef>
#include <string_view>

namespace pentad::terminal {

/// Asks wcwidth(3) in a locale of its own, so that it neither depends on the user's nor changes it.
class display_width {
 public:
  display_width();
  ~display_width();
  display_width(const display_width&) = delete;
  display_width& operator=(const display_width&) = delete;

  std::size_t of(char32_t code) const noexcept;
  std::size_t of(std::string_view text) const noexcept;

 private:
  locale_t utf8_;
};

}  // namespace pentad::terminal
