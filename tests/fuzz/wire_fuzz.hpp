#pragma once

/// What the fuzz targets of packet formats share.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <span>

namespace pentad::wire::fuzz {

inline void require(bool condition) {
  if (!condition) std::abort();
}

inline std::span<const std::byte> input_of(const std::uint8_t* data, std::size_t size) {
  return std::as_bytes(std::span{data, size});
}

/// Takes one byte off the front; 0 when there is none.
inline std::uint8_t take_byte(std::span<const std::byte>& input) {
  if (input.empty()) return 0;
  const auto byte = std::to_integer<std::uint8_t>(input[0]);
  input = input.subspan(1);
  return byte;
}

/// Whether `part` lies in `whole`.
inline bool is_inside(std::span<const std::byte> part, std::span<const std::byte> whole) {
  const std::less_equal<> before;
  return part.empty() || (before(whole.data(), part.data()) &&
                          before(part.data() + part.size(), whole.data() + whole.size()));
}

}  // namespace pentad::wire::fuzz
