#pragma once

/// Lists of domains as DHCP has them: names as DNS writes them, one behind the other, of which a
/// later one may end with what an earlier one ends with (RFC 3397; RFC 1035 section 4.1.4).

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace pentad::wire {

/// With dots, without one at its end.
struct domain_text {
  static constexpr std::size_t capacity = 253;

  std::array<char, capacity> text{};
  std::uint8_t size = 0;

  [[nodiscard]] constexpr std::string_view name() const noexcept { return {text.data(), size}; }

  /// Whether there was room for it, and it was what hosts are called: letters, digits, `-` and `_`.
  bool add_label(std::span<const std::byte> label) noexcept;
};

class domain_list_reader {
 public:
  /// `list` must outlive the reader.
  explicit domain_list_reader(std::span<const std::byte> list) noexcept : list_{list} {}

  /// The next name; nothing at the end and from what is no list on. The root, which completes
  /// nothing, is passed over.
  [[nodiscard]] std::optional<domain_text> next() noexcept;

 private:
  std::optional<domain_text> read() noexcept;

  std::span<const std::byte> list_;
  std::size_t at_ = 0;
};

}  // namespace pentad::wire
