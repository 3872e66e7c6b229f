// Lines and words of the files that configure names.
#pragma once

#include <string_view>

namespace pentad::names {

/// Takes the first line off `text`.
inline std::string_view take_line(std::string_view& text) noexcept {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

/// Takes the first word off `line`; empty when there is none.
inline std::string_view take_word(std::string_view& line) noexcept {
  constexpr std::string_view blanks = " \t\r\f\v";
  const std::size_t start = line.find_first_not_of(blanks);
  line.remove_prefix(start == std::string_view::npos ? line.size() : start);
  const std::string_view word = line.substr(0, line.find_first_of(blanks));
  line.remove_prefix(word.size());
  return word;
}

}  // namespace pentad::names
