#include "apps/messenger/chat/piece.hpp"

#include "pentad/base/utf8.hpp"

namespace pentad::messenger::chat {

std::string_view take_piece(std::string_view& rest, std::size_t most) noexcept {
  std::string_view piece = truncated_utf8(rest, most);
  std::size_t taken = piece.size();
  if (taken < rest.size()) {
    const std::size_t space = rest.substr(0, taken + 1).rfind(' ');
    if (space != std::string_view::npos && space > most / 2) {
      piece = rest.substr(0, space);
      taken = space + 1;
    }
  }
  rest.remove_prefix(taken);
  return piece;
}

}  // namespace pentad::messenger::chat
