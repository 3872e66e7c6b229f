// Names of people and channels are equal when they differ only in the case of ASCII letters
// (CASEMAPPING=ascii).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "pentad/base/hash.hpp"

namespace pentad::messenger::irc {

constexpr char folded(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool same_name(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, folded, folded);
}

/// Equal for names that are the same. The seed keeps strangers from choosing names whose hashes
/// collide.
constexpr std::size_t hash_name(std::string_view name, std::uint64_t seed) noexcept {
  std::uint64_t hash = seed;
  for (const char c : name) {
    hash = hash_step(hash, static_cast<unsigned char>(folded(c)));
  }
  return static_cast<std::size_t>(hash_finish(hash));
}

}  // namespace pentad::messenger::irc
