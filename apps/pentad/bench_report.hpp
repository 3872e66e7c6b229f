// What `pentad bench` has measured, for people and for programs.
#pragma once

#include <string>
#include <string_view>

#include "apps/pentad/bench_measures.hpp"

namespace pentad::command {

std::string bench_text(const bench_outcome& outcome, std::size_t message_size);

/// One object on a line.
std::string bench_json(const bench_outcome& outcome, std::string_view protocol,
                       std::size_t message_size);

}  // namespace pentad::command
