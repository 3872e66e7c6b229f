// How `pentad path` shows what it has found out.
#pragma once

#include <optional>
#include <string>

#include "apps/pentad/path_record.hpp"
#include "pentad/base/five_tuple.hpp"

namespace pentad::command {

/// The path as a line with its hops, and a table of their times: the median and the percentiles 90
/// and 99.
std::string path_text(const path_record& record, const std::optional<five_tuple>& tuple);

/// One JSON object on one line: the message that was added last, in nanoseconds, null for what is
/// not known.
std::string message_json(const path_record& record, std::uint32_t number,
                         const std::optional<five_tuple>& tuple);

/// The percentiles of all, in the same form.
std::string summary_json(const path_record& record, const std::optional<five_tuple>& tuple);

}  // namespace pentad::command
