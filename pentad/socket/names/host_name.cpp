#include "pentad/socket/names/host_name.hpp"

#include <idn2.h>

#include <algorithm>
#include <memory>

#include "pentad/base/decimal.hpp"
#include "pentad/base/error.hpp"

namespace pentad::names {
namespace {

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_label(std::string_view text) noexcept {
  return !text.empty() && text.size() <= longest_label && !text.starts_with('-') &&
         !text.ends_with('-') && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_';
         });
}

bool is_host_name(std::string_view text) noexcept {
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.size() > longest_name) return false;
  for (;;) {
    const std::size_t dot = text.find('.');
    const std::string_view label = text.substr(0, dot);
    if (!is_label(label)) return false;
    if (dot == std::string_view::npos) return !std::ranges::all_of(label, is_digit);
    text.remove_prefix(dot + 1);
  }
}

struct idn2_deleter {
  void operator()(char* text) const noexcept { ::idn2_free(text); }
};

// Whoever asks for a name of a megabyte gets no work done for it.
constexpr std::size_t longest_input = 4 * longest_name;

result<std::string> to_ascii(std::string_view name) {
  if (name.size() > longest_input || name.find('\0') != std::string_view::npos) {
    return failure(errc::name_not_found);
  }
  char* converted = nullptr;
  const int code = ::idn2_to_ascii_8z(std::string(name).c_str(), &converted,
                                      IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  const std::unique_ptr<char, idn2_deleter> owned(converted);
  if (code != IDN2_OK) return failure(errc::name_not_found);
  return std::string(converted);
}

}  // namespace

result<std::string> to_host_name(std::string_view name) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  result<std::string> made = std::string();
  if (std::ranges::all_of(name, is_ascii)) {
    if (name.size() <= longest_name + 1) made->assign(name);
  } else {
    made = to_ascii(name);
    if (!made) return made;
  }
  std::ranges::transform(*made, made->begin(), lower);
  if (!is_host_name(*made)) return failure(errc::name_not_found);
  return made;
}

bool same_name(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_within(std::string_view name, std::string_view domain) noexcept {
  if (!name.ends_with(domain)) return false;
  name.remove_suffix(domain.size());
  return name.empty() || name.ends_with('.');
}

}  // namespace pentad::names
