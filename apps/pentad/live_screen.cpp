#include "apps/pentad/live_screen.hpp"

#include <unistd.h>

#include <cerrno>

#include "apps/terminal/stop_process.hpp"

namespace pentad::command {

// ECMA-48: to the top, each line and what was behind it, then erase what is below.
void live_screen::draw(std::span<const std::string> lines) {
  std::string bytes = "\x1b[H";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    bytes.append(i == 0 ? "" : "\r\n").append(lines[i]).append("\x1b[K");
  }
  show(bytes.append("\x1b[J"));
}

void live_screen::suspend() {
  show(leave_text);
  input_.leave();
  terminal::stop_process();
  resume();
}

void live_screen::resume() {
  input_.enter();
  show(enter_text);
}

// A terminal takes what it is given, as fast as its reader does.
void live_screen::show(std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t size = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (size < 0 && errno != EINTR) return;
    if (size > 0) bytes.remove_prefix(static_cast<std::size_t>(size));
  }
}

}  // namespace pentad::command
