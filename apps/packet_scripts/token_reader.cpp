#include "apps/packet_scripts/token_reader.hpp"

#include <charconv>
#include <cmath>

namespace pentad::packet_scripts {

std::int64_t integer_of(const token& read) {
  std::string_view digits = read.text;
  const int base = digits.starts_with("0x") ? 16 : 10;
  if (base == 16) digits.remove_prefix(2);
  std::int64_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, value, base);
  if (error != std::errc{} || stopped != end) {
    throw malformed(read.at, "'" + std::string(read.text) + "' is no number that fits");
  }
  return value;
}

duration seconds_of(const token& read) {
  double value = 0;
  const std::string text(read.text.starts_with('.') ? "0" : "");
  const std::string whole = text + std::string(read.text);
  const auto [stopped, error] = std::from_chars(whole.data(), whole.data() + whole.size(), value);
  constexpr double longest = 1e9;
  const bool is_time = read.is(token::kind::integer) || read.is(token::kind::decimal);
  if (!is_time || error != std::errc{} || stopped != whole.data() + whole.size() || value < 0 ||
      value > longest) {
    throw malformed(read.at, "expected a time in seconds, not '" + std::string(read.text) + "'");
  }
  return std::chrono::microseconds(std::llround(value * 1e6));
}

std::uint64_t token_reader::number(std::uint64_t most, const std::string& called) {
  const token read = expect(token::kind::integer, called);
  const std::int64_t value = integer_of(read);
  if (value < 0 || static_cast<std::uint64_t>(value) > most) {
    throw malformed(read.at, called + " is out of range");
  }
  return static_cast<std::uint64_t>(value);
}

void token_reader::fail(const std::string& expected) const {
  const token& found = peek();
  throw malformed(found.at, "expected " + expected + ", not " +
                                (found.is(token::kind::end) ? "the end of the script"
                                                            : "'" + std::string(found.text) + "'"));
}

void token_reader::define(std::string_view word, const token& meaning) {
  for (token& each : tokens_) {
    if (!each.is(token::kind::word, word)) continue;
    each.what = meaning.what;
    each.text = meaning.text;
  }
}

}  // namespace pentad::packet_scripts
