// The whole terminal for a while: what is shown replaces what was shown before, keys arrive at
// once, and afterwards the terminal is as it was.
#pragma once

#include <span>
#include <string>

#include "apps/terminal/raw_terminal.hpp"

namespace pentad::command {

/// Standard input and output must be a terminal. See termios(3) and the alternate screen of xterm.
class live_screen {
 public:
  live_screen() { show(enter_text); }
  ~live_screen() { show(leave_text); }
  live_screen(const live_screen&) = delete;
  live_screen& operator=(const live_screen&) = delete;

  /// Shows lines from the top, and nothing below them. They must fit.
  void draw(std::span<const std::string> lines);

  /// Gives the terminal back and stops the process, as Ctrl-Z usually does, until it is continued.
  void suspend();

  /// After SIGCONT.
  void resume();

 private:
  static constexpr std::string_view enter_text = "\x1b[?1049h\x1b[?25l";
  static constexpr std::string_view leave_text = "\x1b[?25h\x1b[?1049l";

  static void show(std::string_view bytes) noexcept;

  terminal::raw_terminal input_{0};
};

}  // namespace pentad::command
