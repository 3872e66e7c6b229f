#include "pentad/base/hash.hpp"

#include <gtest/gtest.h>

#include <bit>

namespace pentad {
namespace {

constexpr std::uint64_t hash_of(std::uint64_t first, std::uint64_t second) {
  return hash_finish(hash_step(hash_step(0, first), second));
}

TEST(hash, one_bit_of_any_word_changes_about_half_of_the_bits) {
  const std::uint64_t before = hash_of(0x0a09'0001, 0xc350'1a0b);
  for (int bit = 0; bit != 64; ++bit) {
    const std::uint64_t flip = std::uint64_t{1} << bit;
    for (const std::uint64_t after :
         {hash_of(0x0a09'0001 ^ flip, 0xc350'1a0b), hash_of(0x0a09'0001, 0xc350'1a0b ^ flip)}) {
      const int changed = std::popcount(before ^ after);
      EXPECT_GE(changed, 12) << "bit " << bit;
      EXPECT_LE(changed, 52) << "bit " << bit;
    }
  }
}

TEST(hash, depends_on_the_order_of_the_words) { EXPECT_NE(hash_of(1, 2), hash_of(2, 1)); }

}  // namespace
}  // namespace pentad
