#pragma once

/// Splits `HOST:PORT` and `[HOST]:PORT`, the shape that endpoints, filters and service addresses
/// share, without judging either part.

#include <optional>
#include <string_view>

namespace pentad {

struct host_port {
  std::string_view host;  ///< without its brackets
  std::string_view port;
  bool bracketed = false;
};

/// The two parts as views into `text`. Nothing when there is no port, or when a colon in the host
/// is not inside brackets: `1::2:80` could be split in two ways.
[[nodiscard]] constexpr std::optional<host_port> split_host_port(std::string_view text) noexcept {
  constexpr auto npos = std::string_view::npos;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == npos || !text.substr(end + 1).starts_with(':')) return std::nullopt;
    return host_port{text.substr(1, end - 1), text.substr(end + 2), true};
  }
  const auto colon = text.find(':');
  if (colon == npos || text.find(':', colon + 1) != npos) return std::nullopt;
  return host_port{text.substr(0, colon), text.substr(colon + 1), false};
}

}  // namespace pentad
