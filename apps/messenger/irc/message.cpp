#include "apps/messenger/irc/message.hpp"

#include <algorithm>

namespace pentad::messenger::irc {
namespace {

constexpr std::size_t line_end_length = 2;  // CR LF

bool is_alphanumeric(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

void skip_spaces(std::string_view& rest) noexcept {
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
}

/// Takes what is before the next space, and the spaces.
std::string_view take_word(std::string_view& rest) noexcept {
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(word.size());
  skip_spaces(rest);
  return word;
}

}  // namespace

std::expected<message, parse_error> parse(std::string_view line, const length_limits& limits) {
  // Too long comes first: such a line need not be searched.
  std::string_view rest = line;
  message read;
  if (rest.starts_with('@')) {
    read.tags = rest.substr(1, std::min(rest.find(' '), rest.size()) - 1);
    if (read.tags.size() > limits.tags) return std::unexpected{parse_error::too_long};
    rest.remove_prefix(std::min(rest.size(), read.tags.size() + 2));
  }
  if (rest.size() + line_end_length > limits.line) return std::unexpected{parse_error::too_long};
  constexpr std::string_view forbidden{"\0\r\n", 3};
  if (line.find_first_of(forbidden) != line.npos) {
    return std::unexpected{parse_error::forbidden_byte};
  }

  skip_spaces(rest);
  if (rest.empty() && !line.starts_with('@')) return std::unexpected{parse_error::empty};
  if (rest.starts_with(':')) {
    read.source = take_word(rest).substr(1);
    if (read.source.empty()) return std::unexpected{parse_error::malformed};
  }
  if (rest.empty() || !is_alphanumeric(rest.front())) {
    return std::unexpected{parse_error::malformed};
  }
  read.command = take_word(rest);
  while (!rest.empty()) {
    const bool takes_the_rest =
        rest.front() == ':' || read.parameters.size() + 1 == parameter_list::capacity;
    if (takes_the_rest) {
      if (rest.front() == ':') rest.remove_prefix(1);
      read.parameters.push(rest);
      break;
    }
    read.parameters.push(take_word(rest));
  }
  return read;
}

}  // namespace pentad::messenger::irc
