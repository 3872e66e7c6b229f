#include "apps/messenger/irc/names.hpp"

#include <algorithm>

namespace pentad::messenger::irc {
namespace {

constexpr bool is_letter(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

constexpr bool is_special(char c) noexcept {
  return std::string_view{"[]\\`_^{|}"}.find(c) != std::string_view::npos;
}

constexpr bool starts_nick(char c) noexcept { return is_letter(c) || is_special(c); }

constexpr bool continues_nick(char c) noexcept {
  return starts_nick(c) || (c >= '0' && c <= '9') || c == '-';
}

/// Controls and space; all bytes of characters beyond ASCII are fine.
constexpr bool is_blank(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7f;
}

}  // namespace

bool is_nick(std::string_view name, std::size_t longest) noexcept {
  return !name.empty() && name.size() <= longest && starts_nick(name.front()) &&
         std::ranges::all_of(name, continues_nick);
}

bool is_channel_name(std::string_view name, std::size_t longest) noexcept {
  return name.size() >= 2 && name.size() <= longest && names_channel(name) &&
         std::ranges::none_of(name, [](char c) { return is_blank(c) || c == ','; });
}

bool is_user_name(std::string_view name) noexcept {
  return !name.empty() && name.front() != ':' &&
         std::ranges::none_of(name, [](char c) { return is_blank(c) || c == '!' || c == '@'; });
}

bool is_key(std::string_view key, std::size_t longest) noexcept {
  return !key.empty() && key.size() <= longest && key.front() != ':' &&
         std::ranges::none_of(key, [](char c) { return is_blank(c) || c == ','; });
}

}  // namespace pentad::messenger::irc
