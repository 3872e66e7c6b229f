// A file that is there whole or not at all, whatever happens while it is written.
#pragma once

#include <string>
#include <string_view>
#include <system_error>

namespace pentad::messenger {

/// Puts `text` into the place of the file, for its owner alone to read, and returns when it is on
/// the disk (fsync(2), rename(2)). After an error the file is as it was.
std::error_code replace_file(const std::string& path, std::string_view text);

}  // namespace pentad::messenger
