#pragma once

/// Splits `PROTOCOL LOCAL > REMOTE`, the shape that quintuples and their filters share, without
/// judging the parts.

#include <optional>
#include <string_view>

namespace pentad {

struct tuple_text {
  std::string_view protocol;
  std::string_view local;
  std::string_view remote;
};

/// The three parts as views into `text`; nothing when it has another shape.
[[nodiscard]] constexpr std::optional<tuple_text> split_tuple_text(std::string_view text) noexcept {
  constexpr std::string_view arrow = " > ";
  const auto space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::string_view ends = text.substr(space + 1);
  const auto middle = ends.find(arrow);
  if (middle == std::string_view::npos) return std::nullopt;
  return tuple_text{text.substr(0, space), ends.substr(0, middle),
                    ends.substr(middle + arrow.size())};
}

}  // namespace pentad
