// Numbers that a peer cannot predict and that the same seed gives again.
#pragma once

#include <cstdint>

#include "pentad/base/hash.hpp"
#include "pentad/base/siphash.hpp"

namespace pentad::native {

class random_numbers {
 public:
  constexpr explicit random_numbers(std::uint64_t seed) noexcept
      : key_{seed, hash_finish(seed ^ 0x9e37'79b9'7f4a'7c15U)} {}

  constexpr std::uint64_t next() noexcept { return siphash(key_).add(count_++).finish(); }

  /// 0 to `bound` - 1; `bound` is not 0.
  constexpr std::uint32_t below(std::uint32_t bound) noexcept {
    return static_cast<std::uint32_t>(((next() >> 32) * bound) >> 32);
  }

  constexpr siphash_key key() noexcept {
    const std::uint64_t k0 = next();
    return {k0, next()};
  }

 private:
  siphash_key key_;
  std::uint64_t count_ = 0;
};

}  // namespace pentad::native
