// What `pentad --version` prints.
#pragma once

#include <string>

namespace pentad::command {

/// The name and version, a line; `verbose`: and what it was built with and runs on, a line each.
std::string version_text(bool verbose);

}  // namespace pentad::command
