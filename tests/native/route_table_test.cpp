#include "ip_peer.hpp"
#include "pentad/stack/native/core/routes.hpp"

namespace pentad::native::test {
namespace {

const ip_address nobody;

TEST(prefix, contains_addresses_that_begin_with_its_bits) {
  const prefix subnet{ip("10.1.2.0"), 23};
  EXPECT_TRUE(subnet.contains(ip("10.1.3.255")));
  EXPECT_FALSE(subnet.contains(ip("10.1.4.0")));
  EXPECT_TRUE((prefix{ip("0.0.0.0"), 0}.contains(ip("255.1.1.1"))));
  EXPECT_TRUE((prefix{ip("10.0.0.1"), 32}.contains(ip("10.0.0.1"))));
  EXPECT_FALSE((prefix{ip("10.0.0.1"), 32}.contains(ip("10.0.0.0"))));
  EXPECT_TRUE((prefix{ip("2001:db8::"), 65}.contains(ip("2001:db8::7fff:0:0:1"))));
  EXPECT_FALSE((prefix{ip("2001:db8::"), 65}.contains(ip("2001:db8::8000:0:0:1"))));
}

TEST(prefix, contains_nothing_of_another_version_or_scope) {
  EXPECT_FALSE((prefix{ip("0.0.0.0"), 0}.contains(ip("::"))));
  EXPECT_TRUE((prefix{ip("fe80::%2"), 64}.contains(ip("fe80::1%2"))));
  EXPECT_FALSE((prefix{ip("fe80::%2"), 64}.contains(ip("fe80::1%3"))));
  EXPECT_FALSE((prefix{ip("::"), 0}.contains(ip("fe80::1%3"))));
}

TEST(prefix, has_a_broadcast_address_if_it_is_of_ipv4_and_has_room) {
  EXPECT_TRUE((prefix{ip("10.0.0.1"), 24}.is_broadcast(ip("10.0.0.255"))));
  EXPECT_FALSE((prefix{ip("10.0.0.1"), 24}.is_broadcast(ip("10.0.1.255"))));
  EXPECT_FALSE((prefix{ip("10.0.0.1"), 31}.is_broadcast(ip("10.0.0.1"))));
  EXPECT_FALSE((prefix{ip("10.0.0.255"), 32}.is_broadcast(ip("10.0.0.255"))));
}

TEST(route_table, finds_the_longest_prefix_whatever_the_order) {
  route_table routes;
  routes.add({{ip("0.0.0.0"), 0}, ip("10.0.0.254"), 1});
  routes.add({{ip("10.0.0.0"), 24}, nobody, 1});
  routes.add({{ip("10.0.0.128"), 25}, ip("10.0.0.9"), 1});
  routes.add({{ip("10.0.0.0"), 16}, nobody, 2});

  EXPECT_EQ(routes.find(ip("10.0.0.5"))->destination.length, 24U);
  EXPECT_EQ(routes.find(ip("10.0.0.200"))->destination.length, 25U);
  EXPECT_EQ(routes.find(ip("10.0.7.1"))->interface, 2U);
  EXPECT_EQ(routes.find(ip("192.0.2.1"))->destination.length, 0U);
}

TEST(route_table, passes_over_silent_gateways_as_long_as_there_are_others) {
  const ip_address first = ip("10.0.0.1");
  const ip_address second = ip("10.0.0.2");
  const ip_address third = ip("10.0.0.3");
  const ip_address target = ip("192.0.2.1");
  route_table routes;
  routes.add({{ip("192.0.2.0"), 24}, first, 1});
  routes.add({{ip("192.0.2.0"), 24}, second, 1});
  routes.add({{ip("0.0.0.0"), 0}, third, 1});
  EXPECT_EQ(routes.find(target)->gateway, first);
  EXPECT_TRUE(routes.set_silent(first, 1));
  EXPECT_EQ(routes.find(target)->gateway, second);
  EXPECT_TRUE(routes.set_silent(second, 1));
  EXPECT_EQ(routes.find(target)->gateway, third) << "one that answers, if less specific";
  EXPECT_TRUE(routes.set_silent(third, 1));
  EXPECT_EQ(routes.find(target)->gateway, first) << "of silent ones the most specific";
  EXPECT_TRUE(routes.set_silent(first, 1));
  EXPECT_EQ(routes.find(target)->gateway, second) << "in turns (RFC 4861, section 6.3.6)";
  EXPECT_TRUE(routes.set_answering(third, 1));
  EXPECT_EQ(routes.find(target)->gateway, third);
  EXPECT_FALSE(routes.set_answering(third, 1)) << "that is no news";
  EXPECT_FALSE(routes.set_silent(ip("10.0.0.9"), 1)) << "no gateway";
  EXPECT_FALSE(routes.set_silent(third, 2)) << "on another link";
}

TEST(route_table, leads_to_the_gateway_or_to_the_destination_itself) {
  const route by_gateway{{ip("0.0.0.0"), 0}, ip("10.0.0.254"), 1};
  const route on_link{{ip("10.0.0.0"), 24}, nobody, 1};
  EXPECT_EQ(by_gateway.next_hop(ip("192.0.2.1")), ip("10.0.0.254"));
  EXPECT_EQ(on_link.next_hop(ip("10.0.0.5")), ip("10.0.0.5"));
}

TEST(route_table, keeps_versions_apart_and_may_have_no_way) {
  route_table routes;
  routes.add({{ip("::"), 0}, ip("2001:db8::fe"), 1});
  EXPECT_EQ(routes.find(ip("10.0.0.5")), nullptr);
  EXPECT_NE(routes.find(ip("2001:db8:9::1")), nullptr);
}

TEST(route_table, takes_the_first_of_two_that_are_alike) {
  route_table routes;
  routes.add({{ip("10.0.0.0"), 24}, nobody, 1});
  routes.add({{ip("10.0.0.0"), 24}, nobody, 2});
  EXPECT_EQ(routes.find(ip("10.0.0.5"))->interface, 1U);
}

}  // namespace
}  // namespace pentad::native::test
