#include <gtest/gtest.h>

#include "apps/pentad/latencies.hpp"

namespace pentad::command {
namespace {

using namespace std::chrono_literals;

TEST(latencies_, without_any_are_zero) { EXPECT_EQ(latencies().percentile(0.5), 0ns); }

TEST(latencies_, have_exact_ends) {
  latencies all;
  for (const duration each : {duration(5us), 123'456'789ns, 7ns}) all.add(each);
  EXPECT_EQ(all.count(), 3U);
  EXPECT_EQ(all.least(), 7ns);
  EXPECT_EQ(all.most(), 123'456'789ns);
  EXPECT_EQ(all.percentile(1), 123'456'789ns);
  EXPECT_EQ(all.percentile(0), 7ns);
}

TEST(latencies_, have_percentiles_that_are_at_most_a_64th_too_long) {
  latencies all;
  for (int i = 1; i <= 100'000; ++i) all.add(i * 37ns);
  for (const double part : {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 0.99999}) {
    const duration exact = static_cast<int>(part * 100'000) * 37ns;
    EXPECT_GE(all.percentile(part), exact) << part;
    EXPECT_LE(all.percentile(part), exact + exact / 64 + 37ns) << part;
  }
}

TEST(latencies_, take_any_duration) {
  latencies all;
  for (const duration each : {duration::max(), 0ns, -5ns, 127ns, 128ns, 129ns}) all.add(each);
  EXPECT_EQ(all.percentile(1), duration::max());
  EXPECT_LE(all.percentile(0.5), 128ns);
}

}  // namespace
}  // namespace pentad::command
