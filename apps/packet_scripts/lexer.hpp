// The text of a script as words, numbers and marks.
#pragma once

#include <string_view>
#include <vector>

#include "apps/packet_scripts/script.hpp"

namespace pentad::packet_scripts {

struct token {
  enum class kind : std::uint8_t {
    end,
    integer,   ///< decimal with an optional minus, or hexadecimal after 0x
    decimal,   ///< with a point
    word,      ///< letters, digits and underscores
    text,      ///< between double quotes
    command,   ///< between back quotes
    code,      ///< between %{ and }%
    option,    ///< after --
    address,   ///< of IPv4 or IPv6
    ellipsis,  ///< ...
    mark,      ///< any other character
  };
  kind what = kind::end;
  std::string_view text;  ///< without what it stands between
  position at;

  bool is(kind asked) const noexcept { return what == asked; }
  bool is(kind asked, std::string_view of) const noexcept { return what == asked && text == of; }
};

/// All tokens, the last of which is the end; they refer to `source`. Comments and spaces are left
/// out. Throws `malformed` for what begins and does not end.
std::vector<token> read_tokens(std::string_view source);

}  // namespace pentad::packet_scripts
