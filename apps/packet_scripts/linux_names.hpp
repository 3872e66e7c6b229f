// The numbers that Linux gives to the symbols of its programs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pentad::packet_scripts {

/// The value of `SOCK_STREAM`, `ECONNREFUSED`, `TCP_NODELAY` and the like; none for an unknown one.
std::optional<std::int64_t> value_of_symbol(std::string_view name);

/// `ECONNREFUSED` for its number; the number itself when it has no name here.
std::string name_of_error(int number);

}  // namespace pentad::packet_scripts
