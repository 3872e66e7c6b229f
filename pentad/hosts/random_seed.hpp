// Where the chance of a real host comes from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "pentad/base/result.hpp"

namespace pentad {

/// A number that nobody can guess, getrandom(2).
std::uint64_t random_seed() noexcept;

/// The same for any number of bytes, or the error that says that there are none.
result<void> fill_with_secrets(std::span<std::byte> bytes) noexcept;

}  // namespace pentad
