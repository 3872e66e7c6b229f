#include "pentad/wire/multicast.hpp"

#include <gtest/gtest.h>

#include "pentad/base/ip_literal.hpp"

namespace pentad::wire {
namespace {

constexpr ip_address address(std::string_view text) { return *parse_ip_literal(text); }

// RFC 1112 section 6.4: the low 23 bits.
static_assert(multicast_mac(address("224.0.0.251")) == mac_address{1, 0, 0x5e, 0, 0, 0xfb});
static_assert(multicast_mac(address("239.255.1.2")) == mac_address{1, 0, 0x5e, 0x7f, 1, 2});

// RFC 2464 section 7: the low 32 bits.
static_assert(multicast_mac(address("ff02::1:ff00:77")) ==
              mac_address{0x33, 0x33, 0xff, 0, 0, 0x77});

static_assert(all_nodes() == address("ff02::1"));
static_assert(all_routers() == address("ff02::2"));

// The example of RFC 4291 section 2.7.1.
static_assert(solicited_node(address("4037::1:800:200e:8c6c")) == address("ff02::1:ff0e:8c6c"));

TEST(multicast, knows_solicited_node_groups) {
  EXPECT_TRUE(is_solicited_node(address("ff02::1:ff0e:8c6c")));
  EXPECT_FALSE(is_solicited_node(address("ff02::1:fe0e:8c6c")));
  EXPECT_FALSE(is_solicited_node(address("ff05::1:ff0e:8c6c")));
  EXPECT_FALSE(is_solicited_node(address("ff02::1")));
  EXPECT_FALSE(is_solicited_node(address("224.0.0.1")));
}

}  // namespace
}  // namespace pentad::wire
