#include "pentad/base/mac_address.hpp"

#include <gtest/gtest.h>

#include <array>
#include <type_traits>
#include <unordered_set>

#include "pentad/base/error.hpp"
#include "tests/base/generate.hpp"

namespace pentad {
namespace {

constexpr mac_address card{0x02, 0x00, 0x5e, 0x10, 0xab, 0xff};

static_assert(std::is_trivially_copyable_v<mac_address>);
static_assert(sizeof(mac_address) == 6);
static_assert(card.bytes()[2] == std::byte{0x5e});
static_assert(mac_address{} < card && card < mac_address::broadcast());
static_assert(mac_address::broadcast().is_broadcast() && mac_address::broadcast().is_multicast());
static_assert(mac_address{0x33, 0x33, 0, 0, 0, 1}.is_multicast());
static_assert(!mac_address{0x33, 0x33, 0, 0, 0, 1}.is_broadcast());
static_assert(!card.is_multicast() && !mac_address{}.is_multicast());

TEST(mac_address, writes_lower_case_pairs) {
  EXPECT_EQ(to_string(card), "02:00:5e:10:ab:ff");
  EXPECT_EQ(to_string(mac_address{}), "00:00:00:00:00:00");
}

TEST(mac_address, reads_both_cases) {
  EXPECT_EQ(mac_address::parse("02:00:5e:10:ab:ff"), card);
  EXPECT_EQ(mac_address::parse("02:00:5E:10:aB:FF"), card);
}

TEST(mac_address, refuses_other_text) {
  for (const std::string_view text :
       {"", "02:00:5e:10:ab", "02:00:5e:10:ab:ff:", "02:00:5e:10:ab:ff:00", "02-00-5e-10-ab-ff",
        "2:0:5e:10:ab:ff", "02:00:5e:10:ab:fg", "02005e10abff", " 2:00:5e:10:ab:ff",
        "02:00:5e:10:ab+ff", "02.00:5e:10:ab:ff"}) {
    const auto parsed = mac_address::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error(), errc::malformed_address);
  }
}

TEST(mac_address, survives_being_written_and_read) {
  test::generator generate;
  for (int i = 0; i != 1000; ++i) {
    std::array<std::byte, mac_address::size> bytes;
    for (std::byte& b : bytes) b = generate.byte();
    const mac_address x{bytes};
    EXPECT_EQ(mac_address::parse(to_string(x)), x);
  }
}

TEST(mac_address, hashes_neighbours_apart) {
  std::unordered_set<std::size_t> hashes;
  for (unsigned i = 0; i != 256; ++i) {
    const auto low = static_cast<std::uint8_t>(i);
    hashes.insert(std::hash<mac_address>{}(mac_address{2, 0, 0, 0, 0, low}));
    hashes.insert(std::hash<mac_address>{}(mac_address{2, 0, 0, 0, low, 1}));
  }
  EXPECT_EQ(hashes.size(), 511U);  // 02:00:00:00:00:01 is in both rows
}

}  // namespace
}  // namespace pentad
