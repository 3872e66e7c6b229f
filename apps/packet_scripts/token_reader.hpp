// Goes through the tokens of a script and says where one is not what it should be.
#pragma once

#include <algorithm>
#include <string>

#include "apps/packet_scripts/lexer.hpp"

namespace pentad::packet_scripts {

class token_reader {
 public:
  explicit token_reader(std::vector<token> tokens) : tokens_(std::move(tokens)) {}

  const token& peek() const noexcept { return tokens_[next_]; }
  const token& peek_after() const noexcept {
    return tokens_[std::min(next_ + 1, tokens_.size() - 1)];
  }
  token take() {
    const token taken = peek();
    if (!taken.is(token::kind::end)) ++next_;
    return taken;
  }

  bool at_mark(char mark) const noexcept {
    return peek().is(token::kind::mark, std::string_view(&mark, 1));
  }
  bool at_word(std::string_view word) const noexcept { return peek().is(token::kind::word, word); }
  bool skip_mark(char mark) {
    const bool is_there = at_mark(mark);
    if (is_there) take();
    return is_there;
  }
  bool skip_word(std::string_view word) {
    const bool is_there = at_word(word);
    if (is_there) take();
    return is_there;
  }

  void expect_mark(char mark) {
    if (!skip_mark(mark)) fail(std::string("'") + mark + "'");
  }
  void expect_word(std::string_view word) {
    if (!skip_word(word)) fail("'" + std::string(word) + "'");
  }
  token expect(token::kind what, const std::string& called) {
    if (!peek().is(what)) fail(called);
    return take();
  }

  /// A number between 0 and `most`.
  std::uint64_t number(std::uint64_t most, const std::string& called);
  std::uint16_t number16(const std::string& called) {
    return static_cast<std::uint16_t>(number(UINT16_MAX, called));
  }
  std::uint32_t number32(const std::string& called) {
    return static_cast<std::uint32_t>(number(UINT32_MAX, called));
  }

  /// Says what was expected instead of the next token.
  [[noreturn]] void fail(const std::string& expected) const;

  /// Lets a word stand for another token (`--define=WORD=...`).
  void define(std::string_view word, const token& meaning);

 private:
  std::vector<token> tokens_;
  std::size_t next_ = 0;
};

/// The number that an integer token stands for; throws `malformed` if it is too large.
std::int64_t integer_of(const token& read);
/// Seconds, of an integer or a decimal token.
duration seconds_of(const token& read);

}  // namespace pentad::packet_scripts
