#include <gtest/gtest.h>

#include <string>

#include "apps/messenger/server/admission.hpp"
#include "apps/messenger/server/cloak.hpp"

namespace pentad::messenger {
namespace {

using std::chrono_literals::operator""s;
using answer = admission::answer;

ip_address ip(std::string_view text) { return *ip_address::parse(text); }

constexpr instant start{duration{1'000'000'000'000}};

limits two_clients() {
  limits limit;
  limit.clients_per_address = 2;
  limit.connections_per_minute = 0;
  return limit;
}

TEST(admission_, counts_the_clients_of_an_address) {
  admission door;
  const limits limit = two_clients();
  EXPECT_EQ(door.enter(ip("192.0.2.1"), start, limit), answer::welcome);
  EXPECT_EQ(door.enter(ip("192.0.2.1"), start, limit), answer::welcome);
  EXPECT_EQ(door.enter(ip("192.0.2.1"), start, limit), answer::too_many);
  EXPECT_EQ(door.enter(ip("192.0.2.2"), start, limit), answer::welcome);
  door.leave(ip("192.0.2.1"));
  door.leave(ip("192.0.2.1"));
  EXPECT_EQ(door.enter(ip("192.0.2.1"), start, limit), answer::welcome);
}

TEST(admission_, takes_an_ipv6_network_of_64_bits_for_one_address) {
  admission door;
  const limits limit = two_clients();
  EXPECT_EQ(door.enter(ip("2001:db8:0:1::1"), start, limit), answer::welcome);
  EXPECT_EQ(door.enter(ip("2001:db8:0:1:ffff::2"), start, limit), answer::welcome);
  EXPECT_EQ(door.enter(ip("2001:db8:0:1:abcd::3"), start, limit), answer::too_many);
  EXPECT_EQ(door.enter(ip("2001:db8:0:2::1"), start, limit), answer::welcome);
}

TEST(admission_, bounds_how_fast_clients_come) {
  admission door;
  limits limit;
  limit.connection_burst = 3;
  limit.connections_per_minute = 6;
  const ip_address from = ip("192.0.2.1");
  const auto come_and_go = [&](duration after) {
    const answer given = door.enter(from, start + after, limit);
    door.leave(from);
    return given;
  };
  for (int i = 0; i < 3; ++i) EXPECT_EQ(come_and_go(0s), answer::welcome);
  EXPECT_EQ(come_and_go(0s), answer::too_fast);
  EXPECT_EQ(come_and_go(9s), answer::too_fast);
  EXPECT_EQ(come_and_go(10s), answer::welcome);
  EXPECT_EQ(come_and_go(10s), answer::too_fast);
}

TEST(admission_, forgets_those_who_are_gone) {
  admission door;
  const limits limit;
  for (unsigned i = 0; i < 100'000; ++i) {
    const ip_address from =
        ip_address::v4(10, static_cast<std::uint8_t>(i >> 16U), static_cast<std::uint8_t>(i >> 8U),
                       static_cast<std::uint8_t>(i));
    // Each comes a second after the one before, and a rate is forgotten after three.
    EXPECT_EQ(door.enter(from, start + duration{1s} * i, limit), answer::welcome);
    door.leave(from);
  }
  EXPECT_LT(door.size(), 1100U);
}

TEST(cloak_, hides_the_address_but_not_which_networks_are_the_same) {
  const siphash_key key = cloak_key_of("a secret of somebody");
  const std::string a = cloaked(ip("192.0.2.1"), key);
  const std::string b = cloaked(ip("192.0.2.2"), key);
  const std::string c = cloaked(ip("192.0.9.1"), key);
  EXPECT_EQ(a.size(), 35U);
  EXPECT_EQ(a, cloaked(ip("192.0.2.1"), key));
  EXPECT_NE(a.substr(0, 11), b.substr(0, 11));
  EXPECT_EQ(a.substr(11), b.substr(11));
  EXPECT_NE(a.substr(11, 11), c.substr(11, 11));
  EXPECT_EQ(a.substr(22), c.substr(22));
  EXPECT_NE(a, cloaked(ip("192.0.2.1"), cloak_key_of("a secret of somebody else")));
}

TEST(cloak_, of_ipv6_is_one_for_a_customer) {
  const siphash_key key = cloak_key_of("a secret of somebody");
  const std::string a = cloaked(ip("2001:db8:1:2::1"), key);
  EXPECT_EQ(a, cloaked(ip("2001:db8:1:2:ffff::"), key));
  EXPECT_NE(a, cloaked(ip("2001:db8:1:3::1"), key));
  EXPECT_EQ(a.substr(11), cloaked(ip("2001:db8:1:3::1"), key).substr(11));
}

}  // namespace
}  // namespace pentad::messenger
