#include "apps/messenger/chat/screen.hpp"

#include <utility>

namespace pentad::messenger::chat {
namespace {

// ECMA-48: to the start of the line, and erase from there.
constexpr std::string_view erase_line = "\r\x1b[J";

}  // namespace

void screen::print(std::string_view line) { above_.append(line).append("\n"); }

void screen::clear() { above_ += "\x1b[H\x1b[2J"; }

std::string screen::draw() {
  std::string bytes = leave();
  // The last column stays free: a terminal would go on to the next line.
  const std::size_t most = columns_ > 1 ? columns_ - 1 : 1;
  std::string_view prompt = prompt_;
  if (width_.of(prompt) > most / 2) prompt = "> ";
  const std::size_t prompt_columns = width_.of(prompt);
  const line_editor::view typed = typed_.shown(most > prompt_columns ? most - prompt_columns : 1);
  bytes.append(prompt).append(typed.text).append("\r");
  const std::size_t cursor = prompt_columns + typed.cursor;
  if (cursor > 0) bytes.append("\x1b[").append(std::to_string(cursor)).append("C");
  return bytes;
}

std::string screen::leave() { return std::string(erase_line) + std::exchange(above_, {}); }

}  // namespace pentad::messenger::chat
