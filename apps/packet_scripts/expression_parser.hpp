// The arguments and results of system calls.
#pragma once

#include "apps/packet_scripts/script.hpp"
#include "apps/packet_scripts/token_reader.hpp"

namespace pentad::packet_scripts {

/// Throws `malformed`.
expression parse_expression(token_reader& from);

/// Those between parentheses, commas between them.
std::vector<expression> parse_arguments(token_reader& from);

}  // namespace pentad::packet_scripts
