// Neighbour discovery of IPv6: RFC 4861, sections 7.2 and 7.3.
#include "ip_peer.hpp"

namespace pentad::native::test {
namespace {

class neighbour_ndp : public ip_test {
 protected:
  std::optional<neighbour_state> state_of(const ip_address& address) {
    return host->interfaces().find(1)->neighbours().state(address);
  }

  void hear_solicitation(const ip_address& target, std::optional<mac_address> mac,
                         const ip_address& from, const ip_address& to,
                         std::uint8_t hop_limit = 255) {
    hear_v6(ndp(wire::neighbor_solicitation{target, mac}, from, to, hop_limit));
  }

  void hear_advertisement(const wire::neighbor_advertisement& message, const ip_address& to = us6) {
    hear_v6(ndp(message, message.target, to));
  }

  static wire::neighbor_advertisement answer_of_peer(const mac_address& mac = peer_mac) {
    return {.target = peer6,
            .router = false,
            .solicited = true,
            .override_cached = true,
            .target_link_layer = mac};
  }

  static wire::neighbor_solicitation solicitation_in(const bytes& packet) {
    return ndp_in<wire::neighbor_solicitation>(packet);
  }
  static wire::neighbor_advertisement advertisement_in(const bytes& packet) {
    return ndp_in<wire::neighbor_advertisement>(packet);
  }
};

TEST_F(neighbour_ndp, a_question_for_our_address_is_answered_to_whoever_asked) {
  start();
  const ip_address group = wire::solicited_node(us6);
  hear(frame(wire::ethertype::ipv6, ndp(wire::neighbor_solicitation{us6, peer_mac}, peer6, group),
             wire::multicast_mac(group)));
  const bytes packet = sent_v6();
  EXPECT_EQ(advertisement_in(packet), (wire::neighbor_advertisement{.target = us6,
                                                                    .router = false,
                                                                    .solicited = true,
                                                                    .override_cached = true,
                                                                    .target_link_layer = our_mac}));
  EXPECT_EQ(v6_in(packet).destination, peer6);
  EXPECT_EQ(state_of(peer6), neighbour_state::delay) << "known, not confirmed, and used to answer";
}

TEST_F(neighbour_ndp, a_question_from_nowhere_is_answered_to_all) {
  start();
  hear_solicitation(us6, std::nullopt, ip("::"), wire::solicited_node(us6));
  const auto answer =
      advertisement_in(sent_one(wire::ethertype::ipv6, wire::multicast_mac(wire::all_nodes())));
  EXPECT_FALSE(answer.solicited);
  EXPECT_TRUE(answer.override_cached);
}

TEST_F(neighbour_ndp, the_link_local_address_is_answered_for_as_well) {
  start();
  hear_solicitation(ip("fe80::ff:fe00:1"), peer_mac, ip("fe80::2"), ip("fe80::ff:fe00:1"));
  EXPECT_EQ(advertisement_in(sent_v6()).target, ip("fe80::ff:fe00:1"));
  EXPECT_EQ(state_of(ip("fe80::2%1")), neighbour_state::delay);
}

TEST_F(neighbour_ndp, a_packet_waits_until_the_neighbour_has_answered) {
  start();
  send(peer6, pattern(20));
  const ip_address group = wire::solicited_node(peer6);
  const bytes question = sent_one(wire::ethertype::ipv6, wire::multicast_mac(group));
  EXPECT_EQ(solicitation_in(question), (wire::neighbor_solicitation{peer6, our_mac}));
  EXPECT_EQ(v6_in(question).source, us6);
  EXPECT_EQ(v6_in(question).destination, group);

  hear_advertisement(answer_of_peer());
  EXPECT_EQ(part(sent_v6(), 40), pattern(20));
  EXPECT_EQ(state_of(peer6), neighbour_state::reachable);
}

TEST_F(neighbour_ndp, after_three_questions_all_that_waits_has_failed) {
  start();
  send(peer6, pattern(20));
  pass(3s);
  EXPECT_EQ(sent().size(), 3U);
  ASSERT_EQ(transport.failures.size(), 1U);
  EXPECT_EQ(transport.failures[0].what, path_error::kind::host_unreachable);
  EXPECT_EQ(transport.failures[0].destination, peer6);
  EXPECT_EQ(state_of(peer6), std::nullopt);
}

TEST_F(neighbour_ndp, a_link_local_neighbour_fails_with_its_scope) {
  start();
  send(ip("fe80::2%1"), pattern(20));
  pass(3s);
  ASSERT_EQ(transport.failures.size(), 1U);
  EXPECT_EQ(transport.failures[0].source, our_link_local);
  EXPECT_EQ(transport.failures[0].destination, ip("fe80::2%1"));
}

TEST_F(neighbour_ndp, one_that_may_be_out_of_date_is_checked_with_questions_to_it_alone) {
  start();
  hear_solicitation(us6, peer_mac, peer6, us6);
  send(peer6, pattern(20));
  (void)sent();
  pass(5s);
  EXPECT_EQ(v6_in(sent_v6()).destination, peer6);
  hear_advertisement(answer_of_peer());
  EXPECT_EQ(state_of(peer6), neighbour_state::reachable);
}

TEST_F(neighbour_ndp, an_answer_that_nobody_asked_for_makes_no_entry) {
  start();
  hear_advertisement(answer_of_peer());
  EXPECT_EQ(state_of(peer6), std::nullopt);
}

TEST_F(neighbour_ndp, without_override_another_hardware_address_only_raises_doubt) {
  start();
  send(peer6, pattern(20));
  hear_advertisement(answer_of_peer());
  (void)sent();
  auto doubt = answer_of_peer(other_mac);
  doubt.override_cached = false;
  hear_advertisement(doubt);
  EXPECT_EQ(state_of(peer6), neighbour_state::stale);
  send(peer6, pattern(20));
  EXPECT_EQ(part(sent_v6(), 40), pattern(20)) << "still to the first";
}

TEST_F(neighbour_ndp, with_override_the_hardware_address_changes) {
  start();
  send(peer6, pattern(20));
  hear_advertisement(answer_of_peer());
  (void)sent();
  pass(2s);
  auto announcement = answer_of_peer(other_mac);
  announcement.solicited = false;
  hear_advertisement(announcement, wire::all_nodes());
  EXPECT_EQ(state_of(peer6), neighbour_state::stale);
  send(peer6, pattern(20));
  EXPECT_EQ(part(sent_one(wire::ethertype::ipv6, other_mac), 40), pattern(20));
}

TEST_F(neighbour_ndp, messages_from_beyond_the_link_are_not_believed) {
  start();
  hear_solicitation(us6, peer_mac, peer6, us6, 254);
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(state_of(peer6), std::nullopt);
  EXPECT_EQ(counters().malformed_icmp, 1U);
}

TEST_F(neighbour_ndp, messages_in_fragments_are_not_believed) {
  start();
  const bytes message = part(ndp(wire::neighbor_solicitation{us6, peer_mac}, peer6, us6), 40);
  bytes fragment_header(8);
  wire::ipv6_fragment_header{.next_header = ip_protocol::icmpv6}.emit(fragment_header);
  hear_v6(ipv6(fragment_header + message, [](wire::ipv6_header& header) {
    header.next_header = ip_protocol{44};
    header.hop_limit = 255;
  }));
  EXPECT_EQ(counters().malformed_icmp, 1U);
  EXPECT_TRUE(sent().empty());
}

TEST_F(neighbour_ndp, a_group_or_ourselves_as_the_hardware_address_is_not_believed) {
  start();
  hear_solicitation(us6, wire::multicast_mac(wire::all_nodes()), peer6, us6);
  hear_solicitation(us6, our_mac, peer6, us6);
  EXPECT_EQ(state_of(peer6), std::nullopt);
  EXPECT_EQ(counters().malformed_icmp, 2U);
}

TEST_F(neighbour_ndp, routers_are_not_listened_to_unless_asked) {
  start();
  wire::router_advertisement message;
  message.router_lifetime = 1800;
  hear_v6(ndp(message, ip("fe80::2"), wire::all_nodes()));
  EXPECT_EQ(counters().ignored_icmp, 1U);
  EXPECT_TRUE(sent().empty());
}

}  // namespace
}  // namespace pentad::native::test
