// A terminal that gives every key at once and shows nothing by itself.
#pragma once

#include <termios.h>

namespace pentad::terminal {

/// Raw while it exists, as it was before afterwards. See termios(3).
class raw_terminal {
 public:
  explicit raw_terminal(int descriptor) noexcept : descriptor_(descriptor) { enter(); }
  ~raw_terminal() { leave(); }
  raw_terminal(const raw_terminal&) = delete;
  raw_terminal& operator=(const raw_terminal&) = delete;

  void enter() noexcept;
  void leave() noexcept;

 private:
  int descriptor_;
  termios before_{};
  bool entered_ = false;
};

}  // namespace pentad::terminal
