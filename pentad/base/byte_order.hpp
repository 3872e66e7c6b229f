#pragma once

/// Numbers in network byte order (big endian), wherever they lie in memory: alignment does not
/// matter. Compilers turn each of these into one load or store and a byte swap.

#include <cstddef>
#include <cstdint>

namespace pentad {

/// Reads the 2 bytes at `from`.
[[nodiscard]] constexpr std::uint16_t load_be16(const std::byte* from) noexcept {
  return static_cast<std::uint16_t>(std::to_integer<unsigned>(from[0]) << 8 |
                                    std::to_integer<unsigned>(from[1]));
}

/// Reads the 4 bytes at `from`.
[[nodiscard]] constexpr std::uint32_t load_be32(const std::byte* from) noexcept {
  return std::uint32_t{load_be16(from)} << 16 | load_be16(from + 2);
}

/// Reads the 8 bytes at `from`.
[[nodiscard]] constexpr std::uint64_t load_be64(const std::byte* from) noexcept {
  return std::uint64_t{load_be32(from)} << 32 | load_be32(from + 4);
}

/// Writes 2 bytes at `to`.
constexpr void store_be16(std::byte* to, std::uint16_t value) noexcept {
  to[0] = static_cast<std::byte>(value >> 8);
  to[1] = static_cast<std::byte>(value & 0xff);
}

/// Writes 4 bytes at `to`.
constexpr void store_be32(std::byte* to, std::uint32_t value) noexcept {
  store_be16(to, static_cast<std::uint16_t>(value >> 16));
  store_be16(to + 2, static_cast<std::uint16_t>(value & 0xffff));
}

/// Writes 8 bytes at `to`.
constexpr void store_be64(std::byte* to, std::uint64_t value) noexcept {
  store_be32(to, static_cast<std::uint32_t>(value >> 32));
  store_be32(to + 4, static_cast<std::uint32_t>(value & 0xffff'ffff));
}

}  // namespace pentad
