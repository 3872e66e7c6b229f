#pragma once

/// What a function gives back when it can fail for a reason outside the program: a value, or
/// the error code that says why there is none.

#include <expected>
#include <system_error>

namespace pentad {

/// A `T`, or the error that kept it from being made. Errors are in `std::generic_category` where
/// POSIX has a word for them, else in `pentad::category()`.
template <class T = void>
using result = std::expected<T, std::error_code>;

/// The failed outcome of any `result<T>`. Takes a `pentad::errc` too.
[[nodiscard]] inline std::unexpected<std::error_code> failure(std::error_code error) noexcept {
  return std::unexpected{error};
}

/// The failed outcome with an error that POSIX names.
[[nodiscard]] inline std::unexpected<std::error_code> failure(std::errc error) noexcept {
  return std::unexpected{std::make_error_code(error)};
}

/// The failed outcome with an error number as `errno(3)` holds it.
[[nodiscard]] inline std::unexpected<std::error_code> failure_from_errno(int errno_value) noexcept {
  return std::unexpected{std::error_code{errno_value, std::generic_category()}};
}

}  // namespace pentad
