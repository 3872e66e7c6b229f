// Small texts that replies are made of.
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pentad::messenger {

/// The decimal digits of a number, as a text that lives as long as this.
class decimal {
 public:
  explicit decimal(std::integral auto value) noexcept {
    const auto written = std::to_chars(digits_.data(), digits_.data() + digits_.size(), value);
    size_ = static_cast<std::size_t>(written.ptr - digits_.data());
  }
  decimal(const decimal&) = delete;
  decimal& operator=(const decimal&) = delete;

  // NOLINTNEXTLINE(google-explicit-constructor): it is a text
  operator std::string_view() const noexcept { return {digits_.data(), size_}; }

 private:
  std::array<char, 20> digits_;
  std::size_t size_;
};

/// Takes the next item off a list that is separated by `separator`; none at the end. Empty items
/// are skipped.
constexpr std::optional<std::string_view> next_item(std::string_view& list,
                                                    char separator = ',') noexcept {
  while (!list.empty()) {
    const std::string_view item = list.substr(0, list.find(separator));
    list.remove_prefix(item.size() == list.size() ? list.size() : item.size() + 1);
    if (!item.empty()) return item;
  }
  return std::nullopt;
}

/// Ends when nothing is left of both, in a time that tells nothing about where they differ.
constexpr bool same_secret(std::string_view expected, std::string_view given) noexcept {
  unsigned difference = expected.size() == given.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const char wanted = expected.empty() ? '\0' : expected[i % expected.size()];
    difference |= static_cast<unsigned char>(given[i] ^ wanted);
  }
  return difference == 0;
}

}  // namespace pentad::messenger
