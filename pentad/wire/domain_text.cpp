#include "pentad/wire/domain_text.hpp"

namespace pentad::wire {
namespace {

bool is_in_host_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

}  // namespace

bool domain_text::add_label(std::span<const std::byte> label) noexcept {
  const std::size_t dot = size != 0 ? 1 : 0;
  if (size + dot + label.size() > capacity) return false;
  if (dot != 0) text[size++] = '.';
  for (const std::byte each : label) {
    const char c = static_cast<char>(each);
    if (!is_in_host_name(c)) return false;
    text[size++] = c;
  }
  return true;
}

}  // namespace pentad::wire
