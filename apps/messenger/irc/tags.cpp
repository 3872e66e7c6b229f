#include "apps/messenger/irc/tags.hpp"

#include <algorithm>

namespace pentad::messenger::irc {

std::optional<tag> next_tag(std::string_view& rest) noexcept {
  while (!rest.empty()) {
    const std::string_view text = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), text.size() + 1));
    const std::string_view key = text.substr(0, text.find('='));
    if (key.empty()) continue;
    return tag{text, key, text.substr(std::min(text.size(), key.size() + 1))};
  }
  return std::nullopt;
}

std::optional<std::string_view> find_tag(std::string_view tags, std::string_view key) noexcept {
  std::optional<std::string_view> found;
  while (const std::optional<tag> next = next_tag(tags)) {
    if (next->key == key) found = next->escaped;
  }
  return found;
}

std::string client_only_tags(std::string_view tags) {
  std::string out;
  while (const std::optional<tag> next = next_tag(tags)) {
    if (!next->client_only()) continue;
    if (!out.empty()) out += ';';
    out += next->text;
  }
  return out;
}

std::string unescape_tag_value(std::string_view escaped) {
  std::string out;
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    if (escaped[i] != '\\') {
      out += escaped[i];
      continue;
    }
    if (++i == escaped.size()) break;  // a lone backslash at the end stands for nothing
    switch (escaped[i]) {
      case ':':
        out += ';';
        break;
      case 's':
        out += ' ';
        break;
      case 'r':
        out += '\r';
        break;
      case 'n':
        out += '\n';
        break;
      default:
        out += escaped[i];
    }
  }
  return out;
}

std::string escape_tag_value(std::string_view value) {
  std::string out;
  for (const char c : value) {
    switch (c) {
      case ';':
        out += "\\:";
        break;
      case ' ':
        out += "\\s";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\n':
        out += "\\n";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace pentad::messenger::irc
