#include "apps/terminal/dimensions.hpp"

#include <sys/ioctl.h>

namespace pentad::terminal {

dimensions dimensions_of(int descriptor) noexcept {
  dimensions size;
  winsize found{};
  if (::ioctl(descriptor, TIOCGWINSZ, &found) != 0) return size;
  if (found.ws_col != 0) size.columns = found.ws_col;
  if (found.ws_row != 0) size.lines = found.ws_row;
  return size;
}

}  // namespace pentad::terminal
