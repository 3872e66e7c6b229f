// Text that a line of a terminal holds.
#pragma once

#include <string>

namespace pentad::command {

/// `text` without what is beyond `width` columns.
std::string fit_text(std::string text, std::size_t width);

}  // namespace pentad::command
