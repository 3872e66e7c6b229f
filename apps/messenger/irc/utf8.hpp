// UTF-8 (RFC 3629): the only encoding that the network carries.
#pragma once

#include <cstddef>
#include <string_view>

namespace pentad::messenger::irc {

/// No overlong forms, no surrogates, nothing over U+10FFFF, nothing cut off.
bool is_utf8(std::string_view text) noexcept;

/// The longest beginning of `text` that has at most `size` bytes and does not end inside a
/// character.
std::string_view truncated_utf8(std::string_view text, std::size_t size) noexcept;

}  // namespace pentad::messenger::irc
