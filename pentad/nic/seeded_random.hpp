// Numbers that look random and are the same for the same seed on every machine: xoshiro256**, by
// Blackman and Vigna. Not for secrets.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace pentad {

class seeded_random {
 public:
  /// The state is filled by splitmix64, as the authors recommend.
  explicit constexpr seeded_random(std::uint64_t seed) noexcept {
    for (std::uint64_t& word : state_) {
      seed += 0x9e37'79b9'7f4a'7c15U;
      word = (seed ^ (seed >> 30)) * 0xbf58'476d'1ce4'e5b9U;
      word = (word ^ (word >> 27)) * 0x94d0'49bb'1331'11ebU;
      word ^= word >> 31;
    }
  }

  constexpr std::uint64_t next() noexcept {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  /// At least 0 and less than 1.
  constexpr double fraction() noexcept { return static_cast<double>(next() >> 11) * 0x1p-53; }

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace pentad
