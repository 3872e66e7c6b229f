// Where the chance of a real host comes from.
#pragma once

#include <cstdint>

namespace pentad {

/// A number that nobody can guess, getrandom(2).
std::uint64_t random_seed() noexcept;

}  // namespace pentad
