#include "apps/messenger/chat/input_lines.hpp"

#include "pentad/base/utf8.hpp"

namespace pentad::messenger::chat {

std::optional<std::string> input_lines::next() {
  const std::size_t end = bytes_.find('\n');
  if (end != std::string::npos && end <= longest) {
    std::string line = bytes_.substr(0, end);
    if (line.ends_with('\r')) line.pop_back();
    bytes_.erase(0, end + 1);
    return line;
  }
  if (bytes_.size() <= longest && (!finished_ || bytes_.empty())) return std::nullopt;
  std::string part(truncated_utf8(bytes_, longest));
  bytes_.erase(0, part.size());
  return part;
}

}  // namespace pentad::messenger::chat
