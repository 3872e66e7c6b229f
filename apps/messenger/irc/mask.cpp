#include "apps/messenger/irc/mask.hpp"

#include <cstddef>

#include "apps/messenger/irc/casemapping.hpp"

namespace pentad::messenger::irc {
namespace {

bool escapes(std::string_view mask, std::size_t at) noexcept {
  return mask[at] == '\\' && at + 1 < mask.size() && (mask[at + 1] == '*' || mask[at + 1] == '?');
}

}  // namespace

bool is_mask(std::string_view text) noexcept {
  return text.find_first_of("*?") != std::string_view::npos;
}

bool matches_mask(std::string_view mask, std::string_view text) noexcept {
  // Greedy with one way back: only the last star can ever need to take more.
  std::size_t m = 0;
  std::size_t t = 0;
  std::size_t after_star = std::string_view::npos;
  std::size_t star_text = 0;
  while (t < text.size()) {
    if (m < mask.size() && mask[m] == '*') {
      after_star = ++m;
      star_text = t;
      continue;
    }
    if (m < mask.size()) {
      const bool escaped = escapes(mask, m);
      const char wanted = mask[escaped ? m + 1 : m];
      if ((wanted == '?' && !escaped) || folded(wanted) == folded(text[t])) {
        m += escaped ? 2 : 1;
        ++t;
        continue;
      }
    }
    if (after_star == std::string_view::npos) return false;
    m = after_star;
    t = ++star_text;
  }
  while (m < mask.size() && mask[m] == '*') ++m;
  return m == mask.size();
}

}  // namespace pentad::messenger::irc
