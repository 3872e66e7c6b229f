#include "pentad/runtime/spinner.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace pentad {
namespace {

using namespace std::chrono_literals;

// Spins on a clock that goes on by a microsecond with each reading, and tells for how long.
duration spent(spinner& s, bool succeeds, instant until = never) {
  instant time{};
  bool ended = false;
  const auto now = [&] { return time += 1us; };
  const auto found = [&] { return succeeds; };
  ended = s.spin(until, now, found);
  EXPECT_EQ(ended, succeeds);
  return time - instant{};
}

TEST(spinner, is_off_without_time) {
  EXPECT_FALSE(spinner(0ns).enabled());
  EXPECT_TRUE(spinner(1ns).enabled());
}

TEST(spinner, ends_as_soon_as_something_is_found) {
  spinner s(100us);
  EXPECT_LE(spent(s, true), 2us);
}

TEST(spinner, spends_half_as_long_after_each_failure_down_to_a_thirty_second) {
  spinner s(320us);
  std::vector<duration> all;
  for (int i = 0; i < 8; ++i) all.push_back(spent(s, false));
  const std::vector<duration> expected{320us, 160us, 80us, 40us, 20us, 10us, 10us, 10us};
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_GE(all[i], expected[i]);
    EXPECT_LE(all[i], expected[i] + 2us);
  }
}

TEST(spinner, spends_twice_as_long_after_each_success_up_to_all) {
  spinner s(320us);
  for (int i = 0; i < 8; ++i) spent(s, false);
  for (const duration expected : {20us, 40us, 80us, 160us, 320us, 320us}) {
    spent(s, true);
    spinner copy = s;
    EXPECT_GE(spent(copy, false), expected);
    EXPECT_LE(spent(copy, false), expected + 2us);
  }
}

TEST(spinner, does_not_outlast_a_deadline) {
  spinner s(1s);
  EXPECT_LE(spent(s, false, instant(10us)), 12us);
}

}  // namespace
}  // namespace pentad
