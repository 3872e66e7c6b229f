// How tests take results apart.
#pragma once

#include <system_error>
#include <utility>

#include "pentad/base/result.hpp"

namespace pentad::test {

/// The value that a test cannot go on without. Throws the error, which fails the test.
template <class T>
T must(std::expected<T, std::error_code>&& outcome) {
  if (!outcome) throw std::system_error(outcome.error());
  if constexpr (!std::is_void_v<T>) return std::move(*outcome);
}

/// How it failed; an empty code if it did not.
template <class T>
std::error_code error_of(const std::expected<T, std::error_code>& outcome) {
  return outcome ? std::error_code() : outcome.error();
}

}  // namespace pentad::test
