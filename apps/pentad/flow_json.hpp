// Flows that another program has written as JSON.
#pragma once

#include <optional>
#include <string_view>

#include "pentad/socket/host.hpp"

namespace pentad::command {

/// Reads a line as `to_json` of a flow of an IP protocol writes it; nothing for any other text. It
/// may come from anybody: what does not fit is left out.
std::optional<flow> parse_flow(std::string_view line);

}  // namespace pentad::command
