#pragma once

/// The name of a Unix domain socket (unix(7)): a path, an abstract name, or none.

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "pentad/base/result.hpp"

namespace pentad {

/// Kept in the object itself, so that it is copied like a number and never allocates.
class unix_endpoint {
 public:
  /// The longest path in the file system, in bytes: `sun_path` without its terminating zero.
  static constexpr std::size_t longest_path = 107;
  /// The longest abstract name, in bytes, not counting the `@` that is written before it.
  static constexpr std::size_t longest_abstract_name = 107;

  /// Unnamed, as the peer that connected without binding is.
  constexpr unix_endpoint() noexcept = default;

  /// Reads a path, or an abstract name written with a leading `@`. A path that begins with that
  /// character is written `./@...`.
  /// Errors: `errc::malformed_address`, empty text or a path with a zero byte; `filename_too_long`.
  [[nodiscard]] static result<unix_endpoint> parse(std::string_view text);

  /// The path, or `@` and the abstract name, or nothing when unnamed. Part of this object.
  [[nodiscard]] constexpr std::string_view path() const noexcept { return {path_.data(), size_}; }

  [[nodiscard]] constexpr bool is_abstract() const noexcept { return path().starts_with('@'); }
  [[nodiscard]] constexpr bool is_unnamed() const noexcept { return size_ == 0; }

  friend constexpr bool operator==(const unix_endpoint& a, const unix_endpoint& b) noexcept {
    return a.path() == b.path();
  }
  friend constexpr auto operator<=>(const unix_endpoint& a, const unix_endpoint& b) noexcept {
    return a.path() <=> b.path();
  }

 private:
  std::array<char, 1 + longest_abstract_name> path_{};
  std::uint8_t size_ = 0;
};

/// The path as `path()` gives it.
[[nodiscard]] std::string to_string(const unix_endpoint& x);

}  // namespace pentad

template <>
struct std::hash<pentad::unix_endpoint> {
  [[nodiscard]] std::size_t operator()(const pentad::unix_endpoint& x) const noexcept {
    return std::hash<std::string_view>{}(x.path());
  }
};
