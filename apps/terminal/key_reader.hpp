// Keys, from the bytes that a terminal sends for them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pentad::terminal {

enum class key_kind {
  character,  ///< `key::text` to be inserted
  enter,
  left,
  right,
  word_left,
  word_right,
  home,
  end,
  up,
  down,
  erase_left,   ///< Backspace
  erase_right,  ///< Delete
  erase_word,   ///< to the left, Ctrl-W
  erase_to_start,
  erase_to_end,
  redraw,        ///< Ctrl-L
  end_of_input,  ///< Ctrl-D
  interrupt,     ///< Ctrl-C
  suspend,       ///< Ctrl-Z
};

struct key {
  key_kind kind;
  std::string text;  ///< one character in UTF-8, or nothing
};

/// Understands the sequences of xterm and its kin (ECMA-48, section 5.4). Others are skipped.
class key_reader {
 public:
  void feed(std::string_view bytes) { bytes_ += bytes; }

  /// The next key; none until more bytes come.
  std::optional<key> next();

 private:
  std::string bytes_;  // not understood yet
};

}  // namespace pentad::terminal
