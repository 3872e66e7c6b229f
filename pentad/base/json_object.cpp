#include "pentad/base/json_object.hpp"

#include <cstdint>

#include "pentad/base/utf8.hpp"

namespace pentad {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

void append_escaped(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto value = static_cast<std::uint8_t>(c);
  out.append("\\u00").append(1, digits[value >> 4]).append(1, digits[value & 0xf]);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const char c = text[0];
    if (length == 0) {
      out += replacement;
    } else if (c == '"' || c == '\\') {
      out.append("\\").append(1, c);
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      append_escaped(out, c);
    } else {
      out.append(text, 0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

}  // namespace pentad
