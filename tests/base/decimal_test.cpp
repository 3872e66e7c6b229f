#include "pentad/base/decimal.hpp"

#include <gtest/gtest.h>

namespace pentad {
namespace {

static_assert(parse_decimal("0", 255) == 0U);
static_assert(parse_decimal("255", 255) == 255U);
static_assert(parse_decimal("4294967295", UINT32_MAX) == UINT32_MAX);

TEST(decimal, takes_digits_alone) {
  for (const std::string_view text : {"", " 1", "1 ", "+1", "-1", "0x1", "1.", "a", "00", "01"}) {
    EXPECT_FALSE(parse_decimal(text, UINT32_MAX)) << text;
  }
}

TEST(decimal, keeps_to_its_maximum_and_never_wraps) {
  EXPECT_FALSE(parse_decimal("256", 255));
  EXPECT_FALSE(parse_decimal("4294967296", UINT32_MAX));
  EXPECT_FALSE(parse_decimal("18446744073709551617", UINT32_MAX));
}

}  // namespace
}  // namespace pentad
