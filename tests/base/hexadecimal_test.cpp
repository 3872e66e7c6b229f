#include "pentad/base/hexadecimal.hpp"

#include <gtest/gtest.h>

namespace pentad {
namespace {

static_assert(parse_hexadecimal("0") == 0);
static_assert(parse_hexadecimal("00ff") == 0xff);
static_assert(parse_hexadecimal("aBcD") == 0xabcd);

TEST(hexadecimal, takes_one_to_four_digits_alone) {
  for (const std::string_view text : {"", "12345", "g", "0x1", " 1", "-1", "1 ", "@", "`", ":"}) {
    EXPECT_FALSE(parse_hexadecimal(text)) << text;
  }
}

}  // namespace
}  // namespace pentad
