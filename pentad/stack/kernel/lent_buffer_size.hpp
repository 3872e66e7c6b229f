// What one buffer holds that Linux's stack lends to a program.
#pragma once

#include <cstddef>

namespace pentad::kernel {

inline constexpr std::size_t lent_buffer_size = 4096;

}  // namespace pentad::kernel
