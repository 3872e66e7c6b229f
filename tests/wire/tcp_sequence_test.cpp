#include "pentad/wire/tcp_sequence.hpp"

#include <gtest/gtest.h>

#include "tests/wire/bytes.hpp"

namespace pentad::wire {
namespace {

constexpr tcp_sequence last{UINT32_MAX};

static_assert(tcp_sequence{1} < tcp_sequence{2});
static_assert(last < tcp_sequence{0});
static_assert(tcp_sequence{0x7fff'ffff} < tcp_sequence{0x8000'0001});
static_assert(last + 1 == tcp_sequence{0});
static_assert(tcp_sequence{0} - 1 == last);
static_assert(tcp_sequence{4} - last == 5);
static_assert(last - tcp_sequence{4} == -5);
static_assert(later(last, tcp_sequence{3}) == tcp_sequence{3});
static_assert(earlier(last, tcp_sequence{3}) == last);

TEST(tcp_sequence, is_before_what_is_up_to_2_to_31_ahead) {
  test::generator generate;
  for (int i = 0; i != 10'000; ++i) {
    const tcp_sequence a{generate.u32()};
    const std::uint32_t distance = 1 + generate.number(0x7fff'fffe);
    const tcp_sequence b = a + distance;
    ASSERT_TRUE(a < b && a <= b && a != b && b > a && b >= a);
    ASSERT_FALSE(b < a || b <= a || a > b || a >= b);
    ASSERT_EQ(b - a, static_cast<std::int32_t>(distance));
    ASSERT_EQ(b - distance, a);
  }
}

TEST(tcp_sequence, equals_itself_in_every_comparison) {
  EXPECT_TRUE(last <= last && last >= last && last == last);
  EXPECT_FALSE(last < last || last > last);
}

TEST(tcp_sequence, knows_windows_across_the_wrap) {
  EXPECT_TRUE(last.is_within(last, 1));
  EXPECT_TRUE(tcp_sequence{1}.is_within(last, 3));
  EXPECT_FALSE(tcp_sequence{2}.is_within(last, 3));
  EXPECT_FALSE((last - 1).is_within(last, 3));
  EXPECT_FALSE(last.is_within(last, 0));
  EXPECT_TRUE((last - 2).is_within(last, UINT32_MAX));
  EXPECT_FALSE((last - 1).is_within(last, UINT32_MAX));
}

}  // namespace
}  // namespace pentad::wire
