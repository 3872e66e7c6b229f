// The options in the text of a host, `KEY=VALUE` after commas, taken apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "pentad/base/clock.hpp"

namespace pentad {

/// Takes what comes before `separator` off `text`, and the separator.
std::string_view take_until(std::string_view& text, char separator) noexcept;

// Each is nothing if `text` is something else.

/// `50us`, `2ms`, `1s`, `800ns`; at most an hour.
std::optional<duration> parse_duration(std::string_view text) noexcept;

/// From 0 to 1: `0.01` or `1%`.
std::optional<double> parse_probability(std::string_view text) noexcept;

/// In bits per second: `10mbit`; or `kbit`, `gbit`, `bit`. Not zero.
std::optional<std::uint64_t> parse_rate(std::string_view text) noexcept;

/// Digits alone.
std::optional<std::uint64_t> parse_number(std::string_view text) noexcept;

}  // namespace pentad
