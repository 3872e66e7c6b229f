#include "apps/messenger/demo/report.hpp"

namespace pentad::messenger::demo {
namespace {

constexpr char separator = '\n';  // in none of the fields

std::string take_field(std::string_view& rest) {
  const std::string_view field = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(field.size() + 1, rest.size()));
  return std::string(field);
}

}  // namespace

std::string encode(const report& told) {
  std::string text{static_cast<char>(told.what), static_cast<char>(told.who)};
  for (const std::string* field : {&told.name, &told.text, &told.bytes, &told.tuple}) {
    text.append(*field).push_back(separator);
  }
  return text;
}

std::optional<report> decode(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  report told{static_cast<report::kind>(text[0]), static_cast<actor>(text[1])};
  text.remove_prefix(2);
  for (std::string* field : {&told.name, &told.text, &told.bytes, &told.tuple}) {
    *field = take_field(text);
  }
  return told;
}

}  // namespace pentad::messenger::demo
