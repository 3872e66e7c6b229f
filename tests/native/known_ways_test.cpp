// What is remembered of the way between two addresses does not outlive what it came from.
#include "tests/native/ip_peer.hpp"

namespace pentad::native::test {
namespace {

class known_ways : public ip_test {
 protected:
  void SetUp() override {
    start();
    meet_peer();
    // The first packet after a silence begins a check of the neighbour, the answer settles it.
    for (int i = 0; i < 2; ++i) {
      send(peer, pattern(10));
      (void)sent();
      hear_arp(arp_reply(peer, peer_mac, us));
    }
  }

  /// To whom the packet goes, of those that the host sends now.
  mac_address next_hop_to(const ip_address& destination) {
    send(destination, pattern(10));
    mac_address to;
    for (const bytes& each : sent()) {
      const auto view = wire::ethernet_view::parse(each).value();
      if (view.type() == wire::ethertype::ipv4) to = view.destination();
    }
    return to;
  }
};

TEST_F(known_ways, follow_a_neighbour_to_another_card) {
  EXPECT_EQ(next_hop_to(peer), peer_mac);
  pass(2s);  // an address that was confirmed just now is not given up for a claim
  hear_arp(arp_request(peer, other_mac, us));
  (void)sent();
  EXPECT_EQ(next_hop_to(peer), other_mac);
}

TEST_F(known_ways, follow_a_route_that_is_added) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(next_hop_to(far_host), peer_mac) << "by the gateway";
    hear_arp(arp_reply(gateway, peer_mac, us));
  }
  hear_arp(arp_request(ip("10.0.0.3"), other_mac, us));
  (void)sent();
  host->add_route({.destination = {far_host, 32}, .gateway = ip("10.0.0.3"), .interface = 1});
  EXPECT_EQ(next_hop_to(far_host), other_mac);
}

TEST_F(known_ways, follow_the_mtu_of_the_path) {
  EXPECT_EQ(next_hop_to(peer), peer_mac);
  ASSERT_EQ(host->network().lower_path_mtu(peer, 600), 600U);
  send(peer, pattern(1000));
  EXPECT_EQ(sent().size(), 2U) << "in fragments";
  send(peer, pattern(1000), true);
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(counters().too_big, 1U);
}

TEST_F(known_ways, end_when_the_neighbour_must_be_asked_again) {
  EXPECT_EQ(next_hop_to(peer), peer_mac);
  pass(1h);
  (void)sent();
  send(peer, pattern(10));
  pass(settings.neighbours.first_probe_delay);
  bool asked = false;
  for (const bytes& each : sent()) {
    asked |= wire::ethernet_view::parse(each).value().type() == wire::ethertype::arp;
  }
  EXPECT_TRUE(asked);
}

}  // namespace
}  // namespace pentad::native::test
