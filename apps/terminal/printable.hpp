// What strangers wrote, made safe for the terminal: no byte of it can move the cursor, change a
// colour, hide text or answer in the user's name.
#pragma once

#include <string>
#include <string_view>

namespace pentad::terminal {

/// IRC's formatting codes are left out (modern.ircdocs.horse, "IRC Formatting"), a tab becomes a
/// space, other control characters of ASCII become their pictures (U+2400 and on), and what is not
/// UTF-8, controls of C1 and marks that turn the direction of text become U+FFFD.
std::string printable(std::string_view text);

}  // namespace pentad::terminal
