#include "apps/packet_scripts/lexer.hpp"

#include <algorithm>

namespace pentad::packet_scripts {
namespace {

using kind = token::kind;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_hex_digit(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_word_character(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

template <class Is>
std::size_t length_of(std::string_view text, Is is) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is) - text.begin());
}

// The length of an address at the beginning of `text`; 0 if there is none. `1:1001` is no address,
// for that needs two colons in a row or seven of them.
std::size_t address_length(std::string_view text) {
  const std::size_t length =
      length_of(text, [](char c) { return is_hex_digit(c) || c == ':' || c == '.'; });
  const std::string_view run = text.substr(0, length);
  const auto colons = std::ranges::count(run, ':');
  if (colons == 7 || run.find("::") != std::string_view::npos) return length;
  const std::size_t dotted = length_of(text, [](char c) { return is_digit(c) || c == '.'; });
  const std::string_view numbers = text.substr(0, dotted);
  const bool is_v4 = std::ranges::count(numbers, '.') == 3 && is_digit(numbers.front()) &&
                     is_digit(numbers.back()) && numbers.find("..") == std::string_view::npos;
  return is_v4 ? dotted : 0;
}

// The length of a number, with or without a point; 0 if there is none.
std::size_t number_length(std::string_view text, bool& has_point) {
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = length_of(text.substr(sign), is_digit);
  const std::string_view rest = text.substr(sign + whole);
  const std::size_t fraction = rest.starts_with('.') ? length_of(rest.substr(1), is_digit) : 0;
  has_point = fraction != 0;
  if (has_point) return sign + whole + 1 + fraction;
  return whole == 0 ? 0 : sign + whole;
}

class lexer {
 public:
  explicit lexer(std::string_view source) : rest_(source) {}

  token next() {
    skip_space_and_comments();
    token read{.what = kind::end, .text = {}, .at = at_};
    if (rest_.empty()) return read;
    if (take_enclosed(read, "%{", "}%", kind::code)) return read;
    if (take_enclosed(read, "\"", "\"", kind::text)) return read;
    if (take_enclosed(read, "`", "`", kind::command)) return read;
    if (rest_.starts_with("...")) return take(read, kind::ellipsis, 3);
    if (rest_.starts_with("--") && rest_.size() > 2 && is_word_character(rest_[2])) {
      advance(2);
      return take(read, kind::option, length_of(rest_, is_word_character));
    }
    if (const std::size_t length = address_length(rest_)) return take(read, kind::address, length);
    return take_number_or_word(read);
  }

 private:
  // The longest wins, as in `1:1` and `4f` and `.5`.
  token take_number_or_word(token& read) {
    bool has_point = false;
    const std::size_t number = number_length(rest_, has_point);
    const std::size_t word = length_of(rest_, is_word_character);
    if (rest_.starts_with("0x") && word > 2) return take(read, kind::integer, word);
    if (number != 0 && number >= word) {
      return take(read, has_point ? kind::decimal : kind::integer, number);
    }
    return word != 0 ? take(read, kind::word, word) : take(read, kind::mark, 1);
  }

  token take(token& read, kind what, std::size_t length) {
    read.what = what;
    read.text = rest_.substr(0, length);
    advance(length);
    return read;
  }

  bool take_enclosed(token& read, std::string_view begin, std::string_view end, kind what) {
    if (!rest_.starts_with(begin)) return false;
    std::size_t close = begin.size();
    while (close < rest_.size() && !rest_.substr(close).starts_with(end)) {
      close += what != kind::code && rest_[close] == '\\' ? 2 : 1;
    }
    if (close >= rest_.size()) {
      throw malformed(at_, "'" + std::string(begin) + "' has no '" + std::string(end) + "'");
    }
    advance(begin.size());
    take(read, what, close - begin.size());
    advance(end.size());
    return true;
  }

  void skip_space_and_comments() {
    while (!rest_.empty()) {
      if (is_space(rest_[0])) {
        advance(1);
      } else if (rest_.starts_with("//")) {
        advance(std::min(rest_.find('\n'), rest_.size()));
      } else if (rest_.starts_with("/*")) {
        const std::size_t end = rest_.find("*/", 2);
        if (end == std::string_view::npos) throw malformed(at_, "'/*' has no '*/'");
        advance(end + 2);
      } else {
        return;
      }
    }
  }

  void advance(std::size_t count) {
    for (const char c : rest_.substr(0, count)) {
      ++at_.column;
      if (c == '\n') at_ = {at_.line + 1, 1};
    }
    rest_.remove_prefix(count);
  }

  std::string_view rest_;
  position at_;
};

}  // namespace

std::vector<token> read_tokens(std::string_view source) {
  lexer from(source);
  std::vector<token> tokens;
  do {
    tokens.push_back(from.next());
  } while (!tokens.back().is(kind::end));
  return tokens;
}

}  // namespace pentad::packet_scripts
