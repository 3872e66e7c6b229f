#include "apps/terminal/key_reader.hpp"

#include <algorithm>
#include <cstddef>

#include "apps/terminal/code_point.hpp"

namespace pentad::terminal {
namespace {

/// What the bytes begin with.
struct reading {
  std::size_t size = 0;  ///< 0: more bytes are needed
  std::optional<key_kind> kind = {};
};

constexpr char escape = '\x1b';

/// No sequence of a key is longer: what goes on without an end is thrown away.
constexpr std::size_t longest_sequence = 32;

std::optional<key_kind> control_key(char control) noexcept {
  switch (control) {
    case '\x01':
      return key_kind::home;
    case '\x02':
      return key_kind::left;
    case '\x03':
      return key_kind::interrupt;
    case '\x04':
      return key_kind::end_of_input;
    case '\x05':
      return key_kind::end;
    case '\x06':
      return key_kind::right;
    case '\x08':
    case '\x7f':
      return key_kind::erase_left;
    case '\n':
    case '\r':
      return key_kind::enter;
    case '\x0b':
      return key_kind::erase_to_end;
    case '\x0c':
      return key_kind::redraw;
    case '\x0e':
      return key_kind::down;
    case '\x10':
      return key_kind::up;
    case '\x15':
      return key_kind::erase_to_start;
    case '\x17':
      return key_kind::erase_word;
    case '\x1a':
      return key_kind::suspend;
    default:
      return std::nullopt;
  }
}

/// A control sequence, by its parameters and its final byte. `1;5C` is Right with Ctrl held.
std::optional<key_kind> sequence_key(std::string_view parameters, char final) noexcept {
  const bool with_modifier = parameters.find(';') != std::string_view::npos;
  switch (final) {
    case 'A':
      return key_kind::up;
    case 'B':
      return key_kind::down;
    case 'C':
      return with_modifier ? key_kind::word_right : key_kind::right;
    case 'D':
      return with_modifier ? key_kind::word_left : key_kind::left;
    case 'F':
      return key_kind::end;
    case 'H':
      return key_kind::home;
    case '~': {
      const std::string_view number = parameters.substr(0, parameters.find(';'));
      if (number == "1" || number == "7") return key_kind::home;
      if (number == "3") return key_kind::erase_right;
      if (number == "4" || number == "8") return key_kind::end;
      return std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

/// ESC and a byte: the key of that byte with Alt held.
std::optional<key_kind> alt_key(char c) noexcept {
  switch (c) {
    case 'b':
      return key_kind::word_left;
    case 'f':
      return key_kind::word_right;
    case '\x7f':
      return key_kind::erase_word;
    default:
      return std::nullopt;
  }
}

reading read_escape(std::string_view bytes) noexcept {
  if (bytes.size() < 2) return {};
  if (bytes[1] == escape) return {1};
  if (bytes[1] == 'O') {
    if (bytes.size() < 3) return {};
    return {3, sequence_key({}, bytes[2])};
  }
  if (bytes[1] != '[') return {2, alt_key(bytes[1])};
  const std::string_view rest = bytes.substr(2);
  const auto is_final = [](char c) { return c >= '@' && c <= '~'; };
  const auto size = static_cast<std::size_t>(std::ranges::find_if(rest, is_final) - rest.begin());
  if (size == rest.size()) return {size >= longest_sequence ? bytes.size() : 0};
  return {2 + size + 1, sequence_key(rest.substr(0, size), rest[size])};
}

/// Whether `bytes` may be the beginning of a character whose rest has not come yet.
bool is_cut_off(std::string_view bytes) noexcept {
  const auto first = static_cast<unsigned char>(bytes.front());
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; };
  return bytes.size() < size && std::ranges::all_of(bytes.substr(1), continues);
}

}  // namespace

std::optional<key> key_reader::next() {
  while (!bytes_.empty()) {
    const char first = bytes_.front();
    if (static_cast<unsigned char>(first) >= ' ' && first != '\x7f') {
      if (is_cut_off(bytes_)) return std::nullopt;
      const code_point typed = first_code_point(bytes_);
      bytes_.erase(0, typed.size);
      if (typed.value >= 0x80 && typed.value < 0xa0) continue;  // the controls of C1
      key found{key_kind::character, {}};
      append_utf8(found.text, typed.value);
      return found;
    }
    const reading read = first == escape ? read_escape(bytes_) : reading{1, control_key(first)};
    if (read.size == 0) return std::nullopt;
    bytes_.erase(0, read.size);
    if (read.kind) return key{*read.kind, {}};
  }
  return std::nullopt;
}

}  // namespace pentad::terminal
