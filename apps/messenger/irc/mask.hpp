// Wildcard masks: `*` stands for any characters, `?` for exactly one (Modern IRC, "Wildcard
// Expressions").
#pragma once

#include <string_view>

namespace pentad::messenger::irc {

bool is_mask(std::string_view text) noexcept;

/// Whether the whole of `text` fits, regardless of the case of ASCII letters. A backslash in the
/// mask takes the meaning from the wildcard after it. Takes at most the product of both lengths.
bool matches_mask(std::string_view mask, std::string_view text) noexcept;

}  // namespace pentad::messenger::irc
