// The name of a host as people write it, in the form in which it is looked up.
#pragma once

#include <string>
#include <string_view>

#include "pentad/base/result.hpp"

namespace pentad::names {

/// RFC 1035 section 2.3.4, as text and without the dot at the end.
inline constexpr std::size_t longest_name = 253;
inline constexpr std::size_t longest_label = 63;

/// `name`, which may be of any script (UTF-8), in ASCII (IDNA 2008, RFC 5891) and in lower case; a
/// dot at the end stays. Errors: `errc::name_not_found`, no host can have that name: letters,
/// digits, `-` and `_` in labels of 63 at most (RFC 1123 section 2.1), the last of them no number,
/// which would be an address that is misspelled.
result<std::string> to_host_name(std::string_view name);

/// Whether two names are the same, in whatever case (RFC 4343).
bool same_name(std::string_view a, std::string_view b) noexcept;

/// Whether `name` is `domain` or ends with a dot and `domain`, both in lower case.
bool is_within(std::string_view name, std::string_view domain) noexcept;

}  // namespace pentad::names
