// The line that is being typed: a text, a cursor in it, and the lines that were entered before.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "apps/terminal/display_width.hpp"
#include "apps/terminal/key_reader.hpp"

namespace pentad::messenger::chat {

class line_editor {
 public:
  /// Bytes of a line: what is typed beyond them is not taken.
  static constexpr std::size_t longest = 4096;
  /// Lines that are remembered.
  static constexpr std::size_t history = 200;

  /// `width` must outlive the editor.
  explicit line_editor(const terminal::display_width& width) noexcept : width_(width) {}

  /// Does what the key says. Enter gives the line and starts a new one.
  std::optional<std::string> press(const terminal::key& pressed);

  const std::string& text() const noexcept { return text_; }
  bool empty() const noexcept { return text_.empty(); }

  /// Bytes before the cursor.
  std::size_t cursor() const noexcept { return cursor_; }

  /// The part of the line that is shown in `columns` columns, and the column of the cursor in it.
  /// It contains the cursor.
  struct view {
    std::string_view text;
    std::size_t cursor = 0;
  };
  view shown(std::size_t columns) const noexcept;

 private:
  // Where what people see as one character begins and ends: marks stay with what they are on.
  std::size_t left_of(std::size_t at) const noexcept;
  std::size_t right_of(std::size_t at) const noexcept;
  std::size_t word_left_of(std::size_t at) const noexcept;
  std::size_t word_right_of(std::size_t at) const noexcept;

  void insert(std::string_view typed);
  void erase(std::size_t from, std::size_t to);
  std::string enter();
  void recall(std::size_t which);

  const terminal::display_width& width_;
  std::string text_;
  std::size_t cursor_ = 0;
  std::deque<std::string> entered_;
  std::size_t recalled_ = 0;  // of entered_; its size: the new line
  std::string draft_;         // the new line while an old one is looked at
};

}  // namespace pentad::messenger::chat
