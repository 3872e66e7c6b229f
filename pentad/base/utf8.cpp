#include "pentad/base/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace pentad {
namespace {

constexpr bool is_continuation(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

}  // namespace

std::size_t utf8_length(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](std::size_t length) {
    if (text.size() < length) return false;
    for (std::size_t i = 1; i < length; ++i) {
      if (!is_continuation(text[i])) return false;
    }
    return true;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;  // a continuation, or overlong
  if (first < 0xe0) return continues(2) ? 2 : 0;
  if (first < 0xf0) {
    if (!continues(3)) return 0;
    const bool overlong = first == 0xe0 && byte(1) < 0xa0;
    const bool surrogate = first == 0xed && byte(1) >= 0xa0;
    return overlong || surrogate ? 0 : 3;
  }
  if (first < 0xf5) {
    if (!continues(4)) return 0;
    const bool overlong = first == 0xf0 && byte(1) < 0x90;
    const bool too_high = first == 0xf4 && byte(1) >= 0x90;
    return overlong || too_high ? 0 : 4;
  }
  return 0;
}

bool is_utf8(std::string_view text) noexcept {
  constexpr std::uint64_t high_bits = 0x8080'8080'8080'8080U;
  while (!text.empty()) {
    // Nearly all traffic is ASCII: eight bytes at a step.
    std::uint64_t word = 0;
    if (text.size() >= sizeof word) {
      std::memcpy(&word, text.data(), sizeof word);
      if ((word & high_bits) == 0) {
        text.remove_prefix(sizeof word);
        continue;
      }
    }
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string_view truncated_utf8(std::string_view text, std::size_t size) noexcept {
  if (text.size() <= size) return text;
  // A character has at most three continuations; more are not UTF-8 and are cut anywhere.
  for (std::size_t back = 0; back < 4 && back <= size; ++back) {
    if (!is_continuation(text[size - back])) return text.substr(0, size - back);
  }
  return text.substr(0, size);
}

}  // namespace pentad
