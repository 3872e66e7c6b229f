#include "pentad/wire/checksum.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "tests/wire/bytes.hpp"

namespace pentad::wire {
namespace {

using test::byte_vector;
using test::bytes;

/// RFC 1071 section 1, word by word: what every faster way must agree with.
std::uint16_t reference_sum(std::span<const std::byte> data) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    sum += std::to_integer<std::uint32_t>(data[i]) << (i % 2 == 0 ? 8 : 0);
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return static_cast<std::uint16_t>(sum);
}

TEST(checksum, of_the_example_of_rfc_1071) {
  const auto data = bytes("0001 f203 f4f5 f6f7");
  EXPECT_EQ(internet_sum{data}.folded(), 0xddf2);
  EXPECT_EQ(internet_sum{data}.checksum(), 0x220d);
}

TEST(checksum, of_nothing_is_all_ones) {
  EXPECT_EQ(internet_sum{}.checksum(), 0xffff);
  EXPECT_EQ(internet_sum{}.size(), 0U);
}

TEST(checksum, is_computed_by_the_compiler_too) {
  constexpr std::array data{std::byte{0x00}, std::byte{0x01}, std::byte{0xf2}, std::byte{0x03},
                            std::byte{0xf4}, std::byte{0xf5}, std::byte{0xf6}, std::byte{0xf7}};
  static_assert(internet_sum{data}.checksum() == 0x220d);
  static_assert(internet_sum{std::span{data}.first(3)}.folded() == 0xf201);
  EXPECT_EQ(internet_sum{data}.checksum(), 0x220d);
}

TEST(checksum, agrees_with_the_reference_at_every_length_and_alignment) {
  test::generator generate;
  const byte_vector data = generate.vector(700);
  for (std::size_t begin = 0; begin != 17; ++begin) {
    for (std::size_t size = 0; size <= 600; ++size) {
      const auto part = std::span{data}.subspan(begin, size);
      ASSERT_EQ(internet_sum{part}.folded(), reference_sum(part)) << begin << ' ' << size;
    }
  }
}

TEST(checksum, agrees_with_the_reference_for_long_data) {
  test::generator generate;
  for (const std::size_t size : {65'535UL, 65'536UL, 524'288UL, 524'352UL, 1'200'001UL}) {
    const byte_vector data = generate.vector(size);
    EXPECT_EQ(internet_sum{data}.folded(), reference_sum(data)) << size;
  }
}

TEST(checksum, does_not_lose_carries_of_extreme_words) {
  for (const unsigned value : {0x00U, 0x7fU, 0x80U, 0xffU}) {
    for (const std::size_t size : {1UL, 63UL, 64UL, 65UL, 4096UL, 2'000'003UL}) {
      const byte_vector data(size, std::byte(value));
      EXPECT_EQ(internet_sum{data}.folded(), reference_sum(data)) << value << ' ' << size;
    }
  }
}

TEST(checksum, of_parts_is_that_of_the_whole_however_it_is_split) {
  test::generator generate;
  for (int i = 0; i != 2000; ++i) {
    const byte_vector data = generate.vector(generate.number(400));
    internet_sum by_bytes;
    internet_sum by_sums;
    std::span<const std::byte> rest = data;
    while (!rest.empty()) {
      const std::size_t size = 1 + generate.number(static_cast<std::uint32_t>(rest.size() - 1));
      by_bytes.add(rest.first(size));
      by_sums.add(internet_sum{rest.first(size)});
      rest = rest.subspan(size);
    }
    ASSERT_EQ(by_bytes.folded(), reference_sum(data));
    ASSERT_EQ(by_sums.folded(), reference_sum(data));
    ASSERT_EQ(by_sums.size(), data.size());
  }
}

TEST(checksum, of_numbers_is_that_of_their_bytes) {
  internet_sum numbers;
  numbers.add(bytes("aa"));
  numbers.add_be16(0x1234);
  numbers.add_be32(0xfedc'ba98);
  EXPECT_EQ(numbers.folded(), reference_sum(bytes("aa 1234 fedcba98")));
  EXPECT_EQ(numbers.size(), 7U);
}

TEST(checksum, comes_with_a_copy_in_one_pass) {
  test::generator generate;
  for (std::size_t size = 0; size <= 300; ++size) {
    test::exact_copy data{generate.vector(size)};
    test::exact_copy to{byte_vector(size + 1, std::byte{0xee})};
    const internet_sum sum = copy_and_checksum(data.span(), to.span());
    ASSERT_EQ(sum.folded(), reference_sum(data.span()));
    ASSERT_EQ(sum.size(), size);
    ASSERT_TRUE(std::ranges::equal(data.span(), to.span().first(size)));
    ASSERT_EQ(to.span()[size], std::byte{0xee});
  }
}

TEST(checksum, copies_parts_that_begin_at_odd_places) {
  const byte_vector data = bytes("01 02 03 04 05 06 07");
  byte_vector to(data.size());
  internet_sum sum;
  sum.add_copy(std::span{data}.first(3), to);
  sum.add_copy(std::span{data}.subspan(3), std::span{to}.subspan(3));
  EXPECT_EQ(to, data);
  EXPECT_EQ(sum.folded(), reference_sum(data));
}

// RFC 1624 section 4: the older formula gives 0xffff here.
TEST(checksum, is_brought_up_to_date_as_in_the_example_of_rfc_1624) {
  EXPECT_EQ(updated_checksum(0xdd2f, 0x5555, 0x3285), 0x0000);
}

TEST(checksum, brought_up_to_date_is_that_of_the_changed_packet) {
  test::generator generate;
  for (int i = 0; i != 2000; ++i) {
    byte_vector data = generate.vector(40);
    data[0] |= std::byte{1};  // not all zero, which has two checksums
    const std::uint16_t before = internet_sum{data}.checksum();

    const std::size_t at = 2 + 2 * generate.number(18);
    const std::uint16_t old_word = load_be16(&data[at]);
    const std::uint16_t new_word = generate.u16();
    store_be16(&data[at], new_word);
    ASSERT_EQ(updated_checksum(before, old_word, new_word), internet_sum{data}.checksum());
  }
}

TEST(checksum, is_brought_up_to_date_for_a_whole_address) {
  test::generator generate;
  byte_vector data = generate.vector(40);
  const std::uint16_t before = internet_sum{data}.checksum();
  const internet_sum old_address{std::span{data}.subspan(8, 16)};
  const byte_vector address = generate.vector(16);
  std::ranges::copy(address, data.begin() + 8);
  EXPECT_EQ(updated_checksum(before, old_address, internet_sum{address}),
            internet_sum{data}.checksum());
}

}  // namespace
}  // namespace pentad::wire
