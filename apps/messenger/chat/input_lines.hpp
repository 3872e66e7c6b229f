// Lines from a pipe, in bounded memory.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pentad::messenger::chat {

class input_lines {
 public:
  /// A line that is longer comes in parts of so many bytes.
  static constexpr std::size_t longest = 8192;

  void feed(std::string_view bytes) { bytes_ += bytes; }

  /// The input has ended: what is there is the last line.
  void finish() noexcept { finished_ = true; }

  /// The next line without its end; none until more comes.
  std::optional<std::string> next();

 private:
  std::string bytes_;
  bool finished_ = false;
};

}  // namespace pentad::messenger::chat
