#include "pentad/base/ip_address.hpp"

#include <gtest/gtest.h>
#include <net/if.h>

#include <type_traits>
#include <unordered_set>

#include "pentad/base/error.hpp"
#include "pentad/base/ip_literal.hpp"
#include "tests/base/generate.hpp"

namespace pentad {
namespace {

consteval ip_address ip(std::string_view text) { return parse_ip_literal(text).value(); }

static_assert(std::is_trivially_copyable_v<ip_address>);
static_assert(std::is_trivially_destructible_v<ip_address>);
static_assert(sizeof(ip_address) == 24);

static_assert(ip_address{} == ip_address::any(ip_version::v4));
static_assert(ip("10.9.0.1") == ip_address::v4(10, 9, 0, 1));
static_assert(ip("::1") == ip_address::loopback(ip_version::v6));
static_assert(ip("::") == ip_address::any(ip_version::v6));
static_assert(ip("10.9.0.1").version() == ip_version::v4 && ip("::").version() == ip_version::v6);
static_assert(ip("10.9.0.1").bytes().size() == 4 && ip("::").bytes().size() == 16);
static_assert(ip("1.2.3.4").bytes()[3] == std::byte{4});
static_assert(ip("fe80::1%7").scope() == 7 && ip("fe80::1").scope() == 0);

static_assert(ip("0.0.0.0").is_unspecified() && ip("::").is_unspecified());
static_assert(!ip("0.0.0.1").is_unspecified() && !ip("::1").is_unspecified());

static_assert(ip("127.0.0.1").is_loopback() && ip("127.255.0.9").is_loopback());
static_assert(ip("::1").is_loopback() && ip("::1%1").is_loopback());
static_assert(!ip("128.0.0.1").is_loopback() && !ip("::2").is_loopback());
static_assert(!ip("7f00::1").is_loopback());

static_assert(ip("224.0.0.1").is_multicast() && ip("239.255.255.255").is_multicast());
static_assert(ip("ff02::1").is_multicast());
static_assert(!ip("240.0.0.1").is_multicast() && !ip("223.255.255.255").is_multicast());
static_assert(!ip("fe80::1").is_multicast() && !ip("e000::1").is_multicast());

static_assert(ip("169.254.1.1").is_link_local() && ip("fe80::1").is_link_local());
static_assert(ip("febf::1").is_link_local() && !ip("fec0::1").is_link_local());
static_assert(!ip("169.253.1.1").is_link_local() && !ip("a9fe::1").is_link_local());

static_assert(ip("::ffff:1.2.3.4").is_v4_mapped());
static_assert(ip("::ffff:1.2.3.4").unmapped() == ip("1.2.3.4"));
static_assert(!ip("::fffe:1.2.3.4").is_v4_mapped() && !ip("::1:ffff:1.2.3.4").is_v4_mapped());
static_assert(!ip("1.2.3.4").is_v4_mapped());
static_assert(ip("1.2.3.4").unmapped() == ip("1.2.3.4") && ip("::1").unmapped() == ip("::1"));

static_assert(ip("9.255.255.255") < ip("10.0.0.0") && ip("255.255.255.255") < ip("::"));
static_assert(ip("::1") < ip("::2") && ip("fe80::1%1") < ip("fe80::1%2"));
static_assert(ip("fe80::1") != ip("fe80::1%1"));

struct text_case {
  std::string_view input;
  std::string_view output;
};

// Inputs from RFC 5952 sections 2 and 4, and the one output that section 4 allows.
constexpr text_case canonical[] = {
    {"2001:0db8::0001", "2001:db8::1"},                // 4.1 leading zeros
    {"2001:db8:0:0:0:0:2:1", "2001:db8::2:1"},         // 4.2.1 shorten as much as possible
    {"2001:db8::0:1", "2001:db8::1"},                  // 4.2.1
    {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},  // 4.2.2 one group is not shortened
    {"2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},   // 4.2.2
    {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},           // 4.2.3 the longest run
    {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},     // 4.2.3 the first of equal runs
    {"2001:DB8:AAAA:BBBB:CCCC:DDDD:EEEE:1", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"},  // 4.3
    {"::ffff:192.0.2.1", "::ffff:192.0.2.1"},          // 5 embedded IPv4
    {"::ffff:c000:201", "::ffff:192.0.2.1"},           // 5
    {"0:0:0:0:0:ffff:192.0.2.1", "::ffff:192.0.2.1"},  // 5
    {"::192.0.2.1", "::c000:201"},
    {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
    {"0:0:0:0:0:0:0:0", "::"},
    {"0:0:0:0:0:0:0:1", "::1"},
    {"1:0:0:0:0:0:0:0", "1::"},
    {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
    {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
    {"0:0:3:4:5:6:0:0", "::3:4:5:6:0:0"},
    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"1:2:3:4:5:6:255.0.0.1", "1:2:3:4:5:6:ff00:1"},
    {"fe80::1%4294967295", "fe80::1%4294967295"},
    {"fe80::1%0", "fe80::1"},
    {"0.0.0.0", "0.0.0.0"},
    {"255.255.255.255", "255.255.255.255"},
    {"10.9.0.1", "10.9.0.1"},
};

TEST(ip_address, writes_the_canonical_text) {
  for (const auto& [input, output] : canonical) {
    const auto address = ip_address::parse(input);
    ASSERT_TRUE(address) << input;
    EXPECT_EQ(to_string(*address), output);
    EXPECT_EQ(parse_ip_literal(input), *address) << input;
  }
}

TEST(ip_address, refuses_other_text) {
  using namespace std::string_view_literals;
  for (const std::string_view text : {""sv,
                                      " "sv,
                                      "1"sv,
                                      "1.2.3"sv,
                                      "1.2.3.4.5"sv,
                                      "1.2.3."sv,
                                      ".1.2.3"sv,
                                      "1..2.3"sv,
                                      "256.1.1.1"sv,
                                      "01.2.3.4"sv,
                                      "1.2.3.04"sv,
                                      "0x1.2.3.4"sv,
                                      "1.2.3.4 "sv,
                                      " 1.2.3.4"sv,
                                      "1.2.3.4\0"sv,
                                      "1.2.3.-4"sv,
                                      "+1.2.3.4"sv,
                                      "1.2.3.4%1"sv,
                                      "1.2.3.4%lo"sv,
                                      "a.b.c.d"sv,
                                      "99999999999.1.1.1"sv,
                                      ":"sv,
                                      ":::"sv,
                                      "::1::"sv,
                                      "1::2::3"sv,
                                      "1:2:3:4:5:6:7"sv,
                                      "1:2:3:4:5:6:7:8:9"sv,
                                      "1:2:3:4:5:6:7:8::"sv,
                                      "::1:2:3:4:5:6:7:8"sv,
                                      "1:2:3:4::5:6:7:8"sv,
                                      "1:2:3:4:5:6:7:"sv,
                                      ":1:2:3:4:5:6:7"sv,
                                      "1:"sv,
                                      "12345::"sv,
                                      "g::"sv,
                                      "::1 "sv,
                                      " ::1"sv,
                                      "::\0"sv,
                                      "-1::"sv,
                                      "::1.2.3"sv,
                                      "::1.2.3.4.5"sv,
                                      "::01.2.3.4"sv,
                                      "::1.2.3.4:5"sv,
                                      "1.2.3.4::"sv,
                                      "1:2:3:4:5:6:7:1.2.3.4"sv,
                                      "1:2:3:4:5:1.2.3.4"sv,
                                      "[::1]"sv,
                                      "fe80::1%"sv,
                                      "fe80::1%01"sv,
                                      "fe80::1%4294967296"sv,
                                      "fe80::1%%1"sv,
                                      "fe80::1%1%1"sv,
                                      "fe80::1%a b"sv,
                                      "fe80::1%a]b"sv,
                                      "fe80::1%sixteen-letters-"sv,
                                      "fe80::1%lo\0"sv,
                                      "%lo"sv,
                                      "%1"sv,
                                      "fe80:%lo"sv}) {
    const auto address = ip_address::parse(text);
    ASSERT_FALSE(address) << '"' << text << '"';
    EXPECT_EQ(address.error(), errc::malformed_address) << '"' << text << '"';
    EXPECT_FALSE(parse_ip_literal(text)) << '"' << text << '"';
  }
}

TEST(ip_address, knows_scopes_by_the_names_of_interfaces) {
  const auto address = ip_address::parse("fe80::1%lo");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->scope(), if_nametoindex("lo"));
  EXPECT_EQ(to_string(*address), "fe80::1%lo");
  EXPECT_EQ(ip_address::parse("fe80::1%" + std::to_string(address->scope())), *address);
}

TEST(ip_address, says_that_there_is_no_such_interface) {
  const auto address = ip_address::parse("fe80::1%no-such-device");
  ASSERT_FALSE(address);
  EXPECT_EQ(address.error(), std::errc::no_such_device);
}

TEST(ip_address, survives_being_written_and_read) {
  test::generator generate;
  for (int i = 0; i != 20000; ++i) {
    const ip_address x = generate.address();
    const std::string text = to_string(x);
    EXPECT_EQ(ip_address::parse(text), x) << text;
    EXPECT_LE(text.size(), ip_address::text_capacity);
  }
}

TEST(ip_address, takes_interface_names_that_leave_the_text_unambiguous) {
  static_assert(is_interface_name("eth0") && is_interface_name("br-lan.10_b"));
  static_assert(is_interface_name("123456789012345a") == false);
  static_assert(is_interface_name("12345678901234a"));
  for (const std::string_view name :
       {"", "5", "007", "a b", "a]b", "a%b", "a\"b", "a\\b", "\xc3"}) {
    EXPECT_FALSE(is_interface_name(name)) << name;
  }
}

TEST(ip_address, hashes_every_part) {
  const std::hash<ip_address> hash;
  std::unordered_set<std::size_t> hashes{hash(ip("::")), hash(ip("0.0.0.0")), hash(ip("::%1"))};
  for (std::size_t i = 0; i != 16; ++i) {
    std::array<std::byte, 16> bytes{};
    bytes[i] = std::byte{1};
    hashes.insert(hash(ip_address::v6(bytes)));
  }
  hashes.insert(hash(ip("1.0.0.0")));
  hashes.insert(hash(ip("0.1.0.0")));
  hashes.insert(hash(ip("0.0.1.0")));
  hashes.insert(hash(ip("0.0.0.1")));
  EXPECT_EQ(hashes.size(), 3U + 16U + 4U);
}

}  // namespace
}  // namespace pentad
