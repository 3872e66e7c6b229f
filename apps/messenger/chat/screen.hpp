// A terminal with lines that come in above and one line at the bottom that is being typed. Makes
// the bytes that keep it so.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "apps/messenger/chat/line_editor.hpp"
#include "apps/terminal/display_width.hpp"

namespace pentad::messenger::chat {

class screen {
 public:
  /// Both must outlive the screen.
  screen(const terminal::display_width& width, const line_editor& typed) noexcept
      : width_(width), typed_(typed) {}

  void resize(std::size_t columns) noexcept { columns_ = columns; }
  void set_prompt(std::string_view prompt) { prompt_ = prompt; }

  /// Adds a line above the one that is being typed.
  void print(std::string_view line);

  /// Starts on an empty screen.
  void clear();

  /// The bytes for the terminal: the new lines, then the line that is being typed as it is now.
  std::string draw();

  /// The new lines, then nothing: the cursor is at the start of an empty line.
  std::string leave();

 private:
  const terminal::display_width& width_;
  const line_editor& typed_;
  std::size_t columns_ = 80;
  std::string prompt_;
  std::string above_;
};

}  // namespace pentad::messenger::chat
