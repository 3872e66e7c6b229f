#include "apps/terminal/raw_terminal.hpp"

namespace pentad::terminal {

void raw_terminal::enter() noexcept {
  if (!entered_ && ::tcgetattr(descriptor_, &before_) != 0) return;
  termios raw = before_;
  raw.c_iflag &= ~tcflag_t{BRKINT | ICRNL | INPCK | ISTRIP | IXON};
  raw.c_lflag &= ~tcflag_t{ECHO | ICANON | IEXTEN | ISIG};
  raw.c_cflag |= tcflag_t{CS8};
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  entered_ = ::tcsetattr(descriptor_, TCSADRAIN, &raw) == 0;
}

void raw_terminal::leave() noexcept {
  if (!entered_) return;
  ::tcsetattr(descriptor_, TCSADRAIN, &before_);
  entered_ = false;
}

}  // namespace pentad::terminal
