// Message tags (IRCv3 "Message Tags"): `key=value;key;+key=value` before a message.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pentad::messenger::irc {

struct tag {
  std::string_view text;     ///< all of it, as it was sent
  std::string_view key;      ///< with its '+' if it is a client-only tag
  std::string_view escaped;  ///< its value as it was sent; empty when it has none

  /// Whether it goes from client to client as it is.
  constexpr bool client_only() const noexcept { return key.starts_with('+'); }
};

/// Takes the next tag off `rest`; none at the end. Empty tags are skipped.
std::optional<tag> next_tag(std::string_view& rest) noexcept;

/// The value, still escaped, that the last tag with this key has.
std::optional<std::string_view> find_tag(std::string_view tags, std::string_view key) noexcept;

/// The tags of `tags` that a server hands on to other clients, as they were sent.
std::string client_only_tags(std::string_view tags);

/// A value as it is meant, from the form in which it was sent.
std::string unescape_tag_value(std::string_view escaped);

/// A value in the form in which it can be sent.
std::string escape_tag_value(std::string_view value);

}  // namespace pentad::messenger::irc
