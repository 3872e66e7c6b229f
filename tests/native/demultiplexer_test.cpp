// From a quintuple to its connection, however many there are.
#include "pentad/stack/native/core/tcp/demultiplexer.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace pentad::native::test {
namespace {

struct entry : demultiplexed {
  explicit entry(const five_tuple& of) noexcept : demultiplexed(kind::connection, of) {}
};

// Few peers with many ports each, as a server sees them.
five_tuple tuple_of(std::uint32_t number) {
  const auto peer = static_cast<std::uint8_t>(number >> 15);
  const auto port = static_cast<std::uint16_t>(1024 + (number & 0x7fff));
  return {ip_protocol::tcp, endpoint(ip_address::v4(10, 0, 0, 1), 80),
          endpoint(ip_address::v4(10, 0, 1, peer), port)};
}

class demultiplexer_of_many : public testing::TestWithParam<std::uint32_t> {};

TEST_P(demultiplexer_of_many, finds_each_by_a_few_comparisons) {
  demultiplexer table({1, 2});
  std::deque<entry> entries;
  for (std::uint32_t i = 0; i < GetParam(); ++i) table.insert(entries.emplace_back(tuple_of(i)));
  ASSERT_EQ(table.size(), GetParam());

  const std::uint64_t before = table.comparisons();
  for (entry& each : entries) ASSERT_EQ(table.find(each.tuple), &each);
  // The one found last, and what shares the bucket: from a half to one on average.
  EXPECT_LT(table.comparisons() - before, 3ULL * GetParam());
  EXPECT_EQ(table.finds(), GetParam());

  EXPECT_EQ(table.find(tuple_of(GetParam())), nullptr);
  for (entry& each : entries) {
    table.erase(each);
    ASSERT_EQ(table.find(each.tuple), nullptr);
  }
  EXPECT_EQ(table.size(), 0U);
}

INSTANTIATE_TEST_SUITE_P(connections, demultiplexer_of_many,
                         testing::Values(1, 1000, 100'000, 1'000'000));

}  // namespace
}  // namespace pentad::native::test
