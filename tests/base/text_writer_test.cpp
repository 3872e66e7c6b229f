#include "pentad/base/text_writer.hpp"

#include <gtest/gtest.h>

#include <array>

namespace pentad {
namespace {

struct decimal_case {
  std::uint32_t value;
  std::string_view text;
};

TEST(text_writer, writes_decimal_numbers) {
  for (const auto& [value, text] :
       {decimal_case{0, "0"}, decimal_case{9, "9"}, decimal_case{10, "10"},
        decimal_case{65535, "65535"}, decimal_case{4000000000, "4000000000"},
        decimal_case{UINT32_MAX, "4294967295"}}) {
    std::array<char, 16> buffer;
    text_writer writer{buffer};
    writer.put_decimal(value);
    EXPECT_EQ(writer.text(), text);
  }
}

TEST(text_writer, writes_hexadecimal_numbers) {
  std::array<char, 64> buffer;
  text_writer writer{buffer};
  for (const std::uint16_t value :
       std::array<std::uint16_t, 6>{0x0, 0xa, 0x10, 0xabc, 0x1000, 0xffff}) {
    writer.put_hex(value);
    writer.put(' ');
  }
  writer.put_hex(std::byte{0x0f});
  writer.put_hex(std::byte{0xa0});
  EXPECT_EQ(writer.text(), "0 a 10 abc 1000 ffff 0fa0");
  EXPECT_TRUE(writer.complete());
}

TEST(text_writer, stops_at_the_end_of_its_memory_and_says_so) {
  std::array<char, 4> buffer{'x', 'x', 'x', 'x'};
  text_writer writer{std::span{buffer}.first(3)};
  writer.put("ab");
  EXPECT_TRUE(writer.complete());
  writer.put("cd");
  EXPECT_FALSE(writer.complete());
  EXPECT_EQ(writer.text(), "abc");
  EXPECT_EQ(buffer[3], 'x');
}

constexpr bool works_at_compile_time() {
  std::array<char, 8> buffer{};
  text_writer writer{buffer};
  writer.put_decimal(42);
  return writer.text() == "42";
}
static_assert(works_at_compile_time());

}  // namespace
}  // namespace pentad
