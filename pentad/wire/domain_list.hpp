#pragma once

/// Lists of domains as DHCP has them: names as DNS writes them, one behind the other, of which a
/// later one may end with what an earlier one ends with (RFC 3397; RFC 1035 section 4.1.4).

#include <cstddef>
#include <optional>
#include <span>

#include "pentad/wire/domain_text.hpp"

namespace pentad::wire {

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
