#include "pentad/base/ip_network.hpp"

#include <gtest/gtest.h>

namespace pentad {
namespace {

bool contains(std::string_view network, std::string_view address) {
  return ip_network::parse(network)->contains(*ip_address::parse(address));
}

TEST(ip_network_, contains_those_who_share_its_bits) {
  EXPECT_TRUE(contains("192.0.2.0/24", "192.0.2.255"));
  EXPECT_FALSE(contains("192.0.2.0/24", "192.0.3.0"));
  EXPECT_TRUE(contains("192.0.2.128/25", "192.0.2.200"));
  EXPECT_FALSE(contains("192.0.2.128/25", "192.0.2.127"));
  EXPECT_TRUE(contains("2001:db8::/32", "2001:db8:ffff::1"));
  EXPECT_FALSE(contains("2001:db8::/32", "2001:db9::1"));
  EXPECT_TRUE(contains("0.0.0.0/0", "203.0.113.9"));
  EXPECT_FALSE(contains("0.0.0.0/0", "::1"));
  EXPECT_TRUE(contains("192.0.2.1", "192.0.2.1"));
  EXPECT_FALSE(contains("192.0.2.1", "192.0.2.2"));
}

TEST(ip_network_, is_around_an_address) {
  EXPECT_EQ(to_string(ip_network::around(*ip_address::parse("192.0.2.77"), 26)), "192.0.2.64/26");
  EXPECT_EQ(to_string(ip_network::around(*ip_address::parse("2001:db8:1:2:3::4"), 64)),
            "2001:db8:1:2::/64");
  EXPECT_EQ(to_string(ip_network::around(*ip_address::parse("192.0.2.77"), 64)), "192.0.2.77/32");
}

TEST(ip_network_, refuses_what_is_none) {
  for (const std::string_view text : {"", "/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129",
                                      "10.0.0.1/8", "10.0.0.0/8/8", "ten/8", "10.0.0.0/ 8"}) {
    EXPECT_FALSE(ip_network::parse(text)) << text;
  }
}

}  // namespace
}  // namespace pentad
