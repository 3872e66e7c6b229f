// A file that lines are added to. Its calls block as long as the disk does.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>

namespace pentad::messenger {

class line_file {
 public:
  line_file() = default;
  ~line_file();
  line_file(const line_file&) = delete;
  line_file& operator=(const line_file&) = delete;

  /// Opens the file again if it is another one by now (it may have been moved away). An empty path:
  /// no file, and lines go nowhere.
  std::error_code open(const std::string& path);

  struct outcome {
    std::size_t written = 0;  ///< bytes, of whole lines
    std::error_code failed;
  };

  /// Writes lines, each with its end; what is written is whole lines, also when there is no room
  /// for all of them (`errc::no_space_on_device`).
  outcome write(std::string_view lines);

 private:
  int descriptor_ = -1;
};

}  // namespace pentad::messenger
