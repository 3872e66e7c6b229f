#include "pentad/base/ip_protocol.hpp"

#include <gtest/gtest.h>

#include "pentad/base/error.hpp"

namespace pentad {
namespace {

static_assert(has_ports(ip_protocol::tcp) && has_ports(ip_protocol::udp));
static_assert(!has_ports(ip_protocol::icmp) && !has_ports(ip_protocol::icmpv6));

TEST(ip_protocol, has_the_names_of_the_four_that_everybody_uses) {
  EXPECT_EQ(to_string(ip_protocol::tcp), "tcp");
  EXPECT_EQ(to_string(ip_protocol::udp), "udp");
  EXPECT_EQ(to_string(ip_protocol::icmp), "icmp");
  EXPECT_EQ(to_string(ip_protocol::icmpv6), "icmpv6");
  EXPECT_EQ(to_string(ip_protocol{132}), "132");
}

TEST(ip_protocol, survives_being_written_and_read) {
  for (unsigned i = 0; i != 256; ++i) {
    const auto protocol = static_cast<ip_protocol>(i);
    EXPECT_EQ(parse_ip_protocol(to_string(protocol)), protocol);
    EXPECT_EQ(parse_ip_protocol(std::to_string(i)), protocol);
  }
}

TEST(ip_protocol, refuses_other_text) {
  for (const std::string_view text : {"", "TCP", "tcp ", "256", "-1", "06", "tcp6", "*"}) {
    const auto parsed = parse_ip_protocol(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error(), errc::malformed_protocol);
  }
}

}  // namespace
}  // namespace pentad
