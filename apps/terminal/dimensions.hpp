// How large a terminal is.
#pragma once

#include <cstddef>

namespace pentad::terminal {

struct dimensions {
  std::size_t columns = 80;
  std::size_t lines = 24;
};

/// As it is now, TIOCGWINSZ in ioctl_tty(2); 80 columns or 24 lines where it does not say.
dimensions dimensions_of(int descriptor) noexcept;

}  // namespace pentad::terminal
