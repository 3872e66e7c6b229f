// A file as one text.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <system_error>

namespace pentad::messenger {

/// All of a file.
std::expected<std::string, std::error_code> read_file(const std::string& path);

/// Puts `text` into the place of the file, for its owner alone to read, and returns when it is on
/// the disk (fsync(2), rename(2)). After an error the file is as it was.
std::error_code replace_file(const std::string& path, std::string_view text);

}  // namespace pentad::messenger
