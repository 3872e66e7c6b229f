// Long texts in pieces that fit a line of the protocol each.
#pragma once

#include <cstddef>
#include <string_view>

namespace pentad::messenger::chat {

/// Takes the next piece of at most `most` bytes off `rest`, which is not empty: up to a space where
/// there is one in its second half (the space is dropped), else between two characters. `most` is
/// at least 4, the longest character.
std::string_view take_piece(std::string_view& rest, std::size_t most) noexcept;

}  // namespace pentad::messenger::chat
