// Nobody may have an address twice: RFC 4862, section 5.4, and RFC 5227 for IPv4.
#include "ip_peer.hpp"

namespace pentad::native::test {
namespace {

class neighbour_duplicate : public ip_test {
 protected:
  neighbour_duplicate() {
    settings.duplicates.solicitations = 1;
    nic.addresses = {{us6, 64}};
  }

  address_state state_of(const ip_address& address) {
    return host->interfaces().find(1)->find(address)->state;
  }
};

TEST_F(neighbour_duplicate, an_address_is_used_when_nobody_has_answered) {
  start();
  EXPECT_FALSE(host->network().is_local(us6));
  EXPECT_TRUE(host->interfaces().has_tentative_address());
  EXPECT_EQ(host->network().find_path(peer6, ip("::")).error(), std::errc::network_unreachable);
  EXPECT_EQ(host->udp().bind({us6, 53}).error(), std::errc::address_not_available);

  pass(2s);
  EXPECT_TRUE(host->network().is_local(us6));
  EXPECT_TRUE(host->network().is_local(our_link_local));
  EXPECT_FALSE(host->interfaces().has_tentative_address());
  EXPECT_EQ(sent().size(), 2U) << "a question for each address";
}

TEST_F(neighbour_duplicate, the_question_comes_from_nowhere_and_goes_to_the_group_of_the_address) {
  nic.addresses = {{ip("fe80::5"), 64}};
  start();
  pass(1s);
  const ip_address group = wire::solicited_node(ip("fe80::5"));
  const bytes packet = sent_one(wire::ethertype::ipv6, wire::multicast_mac(group));
  EXPECT_TRUE(v6_in(packet).source.is_unspecified());
  EXPECT_EQ(v6_in(packet).destination, group);
  EXPECT_EQ(ndp_in<wire::neighbor_solicitation>(packet),
            (wire::neighbor_solicitation{ip("fe80::5"), std::nullopt}));
}

TEST_F(neighbour_duplicate, an_address_that_somebody_defends_is_never_used) {
  start();
  pass(1s);
  hear_v6(ndp(wire::neighbor_advertisement{.target = us6,
                                           .router = false,
                                           .solicited = false,
                                           .override_cached = true,
                                           .target_link_layer = other_mac},
              us6, wire::all_nodes()));
  pass(5s);
  EXPECT_EQ(state_of(us6), address_state::duplicate);
  EXPECT_FALSE(host->network().is_local(us6));
  EXPECT_TRUE(host->network().is_local(our_link_local));
  EXPECT_EQ(counters().duplicate_addresses, 1U);
}

TEST_F(neighbour_duplicate, an_address_that_somebody_else_wants_at_the_same_time_is_never_used) {
  start();
  hear_v6(ndp(wire::neighbor_solicitation{us6, std::nullopt}, ip("::"), wire::solicited_node(us6)));
  pass(5s);
  EXPECT_EQ(state_of(us6), address_state::duplicate);
}

TEST_F(neighbour_duplicate, an_echo_of_our_own_question_is_no_conflict) {
  start();
  pass(1s);
  for (const bytes& each : sent()) hear(each);
  pass(5s);
  EXPECT_EQ(state_of(us6), address_state::assigned);
}

TEST_F(neighbour_duplicate, questions_of_others_for_it_are_not_answered_before) {
  start();
  hear_v6(ndp(wire::neighbor_solicitation{us6, peer_mac}, peer6, wire::solicited_node(us6)));
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(state_of(us6), address_state::tentative);
}

TEST_F(neighbour_duplicate, ipv4_addresses_are_used_at_once_as_in_linux) {
  nic.addresses = {{us, 24}};
  start();
  EXPECT_TRUE(host->network().is_local(us));
}

TEST_F(neighbour_duplicate, ipv4_addresses_are_probed_and_announced_if_so_set) {
  settings.duplicates.arp_probes = 3;
  nic.addresses = {{us, 24}};
  start();
  EXPECT_FALSE(host->network().is_local(us));
  pass(8s);
  EXPECT_TRUE(host->network().is_local(us));
  const auto frames = sent();
  ASSERT_EQ(frames.size(), 4U);
  EXPECT_TRUE(arp_in(part(frames[0], 14)).sender_ip.is_unspecified());
  EXPECT_EQ(arp_in(part(frames[0], 14)).target_ip, us);
  EXPECT_EQ(arp_in(part(frames[3], 14)).sender_ip, us);
  EXPECT_EQ(arp_in(part(frames[3], 14)).target_ip, us);
}

TEST_F(neighbour_duplicate, an_ipv4_address_that_somebody_defends_is_never_used) {
  settings.duplicates.arp_probes = 3;
  nic.addresses = {{us, 24}};
  start();
  pass(1s);
  hear_arp(arp_reply(us, other_mac, ip("0.0.0.0")));
  pass(10s);
  EXPECT_EQ(state_of(us), address_state::duplicate);
}

TEST_F(neighbour_duplicate, somebody_elses_probe_for_our_address_is_answered) {
  nic.addresses = {{us, 24}};
  start();
  hear(frame(wire::ethertype::arp, arp_request(ip("0.0.0.0"), peer_mac, us),
             mac_address::broadcast()));
  EXPECT_EQ(arp_in(sent_one(wire::ethertype::arp)).sender_ip, us);
}

}  // namespace
}  // namespace pentad::native::test
