// What people, channels and keys may be called.
#pragma once

#include <cstddef>
#include <string_view>

namespace pentad::messenger::irc {

/// RFC 2812, section 2.3.1: ASCII letters, digits and []\`_^{|}-, with neither digit nor '-' first.
/// ASCII alone, so that no two nicks look the same.
bool is_nick(std::string_view name, std::size_t longest) noexcept;

/// `#` and at least one character; no space, comma or control character (Modern IRC, "Channels").
bool is_channel_name(std::string_view name, std::size_t longest) noexcept;

/// A user name as it stands in `nick!user@host`: no space, '!', '@' or control character, no colon
/// first.
bool is_user_name(std::string_view name) noexcept;

/// A channel key that JOIN can carry: no space, comma or control character, no colon first.
bool is_key(std::string_view key, std::size_t longest) noexcept;

/// Whether the target of a message is meant as a channel (CHANTYPES=#).
constexpr bool names_channel(std::string_view target) noexcept { return target.starts_with('#'); }

}  // namespace pentad::messenger::irc
