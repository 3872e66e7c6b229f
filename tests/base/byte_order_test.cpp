#include "pentad/base/byte_order.hpp"

#include <gtest/gtest.h>

#include <array>

namespace pentad {
namespace {

constexpr std::array<std::byte, 9> bytes{std::byte{0xff}, std::byte{0x01}, std::byte{0x02},
                                         std::byte{0x83}, std::byte{0x04}, std::byte{0x05},
                                         std::byte{0x06}, std::byte{0x07}, std::byte{0x88}};

// One byte past the start: what lies at odd addresses is read like anything else.
static_assert(load_be16(bytes.data() + 1) == 0x0102);
static_assert(load_be32(bytes.data() + 1) == 0x01028304);
static_assert(load_be64(bytes.data() + 1) == 0x0102'8304'0506'0788);
static_assert(load_be16(bytes.data()) == 0xff01);

template <class Number, auto Store>
constexpr std::array<std::byte, 9> stored(Number value) {
  std::array<std::byte, 9> out{std::byte{0xff}};
  Store(out.data() + 1, value);
  return out;
}

static_assert(stored<std::uint64_t, store_be64>(0x0102'8304'0506'0788) == bytes);

TEST(byte_order, stores_what_it_loads_and_touches_nothing_beside) {
  const auto two = stored<std::uint16_t, store_be16>(0xfedc);
  EXPECT_EQ(load_be16(two.data() + 1), 0xfedc);
  EXPECT_EQ(two[0], std::byte{0xff});
  EXPECT_EQ(two[3], std::byte{0});

  const auto four = stored<std::uint32_t, store_be32>(0xfedcba98);
  EXPECT_EQ(load_be32(four.data() + 1), 0xfedcba98);
  EXPECT_EQ(four[0], std::byte{0xff});
  EXPECT_EQ(four[5], std::byte{0});

  const auto eight = stored<std::uint64_t, store_be64>(0xfedc'ba98'7654'3210);
  EXPECT_EQ(load_be64(eight.data() + 1), 0xfedc'ba98'7654'3210);
  EXPECT_EQ(eight[0], std::byte{0xff});
}

}  // namespace
}  // namespace pentad
