// Transfers over every kind of bad network, checked byte by byte.
#include <tuple>

#include "tests/native/host_transfer.hpp"

namespace pentad::native::test {
namespace {

struct disorder {
  const char* name;
  double reorder;
  double duplicate;
};
constexpr disorder in_order{"InOrder", 0, 0};
constexpr disorder disordered{"Disordered", 0.02, 0.01};

using conditions = std::tuple<double, disorder, duration, ip_version>;

class TcpMatrix : public testing::TestWithParam<conditions> {};

TEST_P(TcpMatrix, EveryByteArrives) {
  const auto [loss, order, round_trip, version] = GetParam();
  host_pair hosts;
  hosts.link = {.delay = round_trip / 2,
                .loss = loss,
                .duplicate = order.duplicate,
                .reorder = order.reorder,
                .reorder_delay = std::max<duration>(round_trip / 4, 100us)};
  channel made = connect(hosts, listen(hosts), version);
  ASSERT_NE(made.server, nullptr);
  const std::size_t size = loss > 0.02 ? 512 << 10 : 2 << 20;
  transfer there(*made.client, *made.server, random_bytes(size));
  ASSERT_TRUE(hosts.run(1h, [&] { return there.step(); }));
  EXPECT_TRUE(there.succeeded());
  transfer back(*made.server, *made.client, random_bytes(size / 4));
  ASSERT_TRUE(hosts.run(1h, [&] { return back.step(); }));
  EXPECT_TRUE(back.succeeded());

  std::exchange(made.client, nullptr)->release(false);
  std::exchange(made.server, nullptr)->release(false);
  hosts.run(1h);
  expect_empty(hosts.a);
  expect_empty(hosts.b);
}

std::string name_of(const testing::TestParamInfo<conditions>& tested) {
  const auto [loss, order, round_trip, version] = tested.param;
  const auto per_mille = static_cast<int>(loss * 1000 + 0.5);
  return (per_mille == 0 ? "Clean" : "Loss" + std::to_string(per_mille) + "PerMille") + order.name +
         (round_trip == duration::zero() ? "Near" : "Far") +
         (version == ip_version::v4 ? "V4" : "V6");
}

INSTANTIATE_TEST_SUITE_P(All, TcpMatrix,
                         testing::Combine(testing::Values(0, 0.001, 0.01, 0.05),
                                          testing::Values(in_order, disordered),
                                          testing::Values(duration::zero(), duration(200ms)),
                                          testing::Values(ip_version::v4, ip_version::v6)),
                         name_of);

TEST(TcpCorruption, IsCaughtByChecksums) {
  for (const ip_version version : {ip_version::v4, ip_version::v6}) {
    host_pair hosts;
    hosts.link = {.delay = 1ms, .corrupt = 0.02};
    channel made = connect(hosts, listen(hosts), version);
    ASSERT_NE(made.server, nullptr);
    transfer there(*made.client, *made.server, random_bytes(1 << 20));
    ASSERT_TRUE(hosts.run(1h, [&] { return there.step(); }));
    EXPECT_TRUE(there.succeeded());
    EXPECT_GT(hosts.corrupted, 10U);
    EXPECT_GT(hosts.b.streams.counters().malformed, 10U);
  }
}

struct run_result {
  std::uint64_t digest;
  instant end;

  friend bool operator==(const run_result&, const run_result&) = default;
};

run_result run_once(std::uint64_t seed) {
  host_pair hosts(seed);
  hosts.link = {.delay = 5ms, .loss = 0.01, .corrupt = 0.001, .duplicate = 0.01, .reorder = 0.02};
  {
    listener& service = listen(hosts);
    std::vector<channel> all;
    for (int i = 0; i < 8; ++i) {
      all.push_back(connect(hosts, service, i % 2 == 0 ? ip_version::v4 : ip_version::v6));
    }
    std::vector<transfer> transfers;
    for (channel& each : all) {
      if (each.server == nullptr) continue;
      transfers.emplace_back(*each.client, *each.server, random_bytes(100'000));
    }
    hosts.run(1h, [&] {
      bool done = true;
      for (transfer& each : transfers) done &= each.step();
      return done;
    });
    for (const transfer& each : transfers) EXPECT_TRUE(each.succeeded());
  }
  hosts.run(10min);
  return {hosts.digest(), hosts.now};
}

TEST(TcpDeterminism, TheSameSeedGivesTheSameFramesAtTheSameTimes) {
  const run_result first = run_once(42);
  EXPECT_EQ(first, run_once(42));
  EXPECT_NE(first.digest, run_once(43).digest);
}

}  // namespace
}  // namespace pentad::native::test
