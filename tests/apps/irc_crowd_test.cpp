// Many sessions of several clients at random, the same in each run: membership is what every client
// believes it to be, and nothing is left when all have gone.

#include "tests/apps/irc_crowd.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <vector>

namespace pentad::messenger::testing {
namespace {

TEST(crowd, believes_the_truth_after_every_step) {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    std::mt19937 random{seed};
    std::vector<std::uint8_t> script(4 * 400);
    for (std::uint8_t& byte : script) byte = static_cast<std::uint8_t>(random());
    ASSERT_EQ(crowd{}.plays(script), "") << "seed " << seed;
  }
}

}  // namespace
}  // namespace pentad::messenger::testing
