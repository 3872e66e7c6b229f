#include "pentad/inspect/icmp_text.hpp"

#include <gtest/gtest.h>

namespace pentad {
namespace {

TEST(icmp_text_, names_what_routers_and_hosts_say) {
  EXPECT_EQ(icmp_text(ip_version::v4, 3, 1), "host unreachable");
  EXPECT_EQ(icmp_text(ip_version::v4, 11, 0), "time exceeded");
  EXPECT_EQ(icmp_text(ip_version::v4, 8, 0), "echo request");
  EXPECT_EQ(icmp_text(ip_version::v6, 1, 4), "port unreachable");
  EXPECT_EQ(icmp_text(ip_version::v6, 3, 0), "time exceeded");
  EXPECT_EQ(icmp_text(ip_version::v6, 135, 0), "neighbor solicitation");
}

TEST(icmp_text_, gives_the_numbers_of_what_has_no_name) {
  EXPECT_EQ(icmp_text(ip_version::v4, 3, 99), "unreachable");
  EXPECT_EQ(icmp_text(ip_version::v4, 42, 1), "type 42 code 1");
  EXPECT_EQ(icmp_text(ip_version::v6, 200, 0), "type 200 code 0");
}

}  // namespace
}  // namespace pentad
