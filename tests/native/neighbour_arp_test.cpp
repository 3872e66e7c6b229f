// ARP: RFC 826, RFC 1122 section 2.3.2, with the states of RFC 4861.
#include "ip_peer.hpp"

namespace pentad::native::test {
namespace {

class neighbour_arp : public ip_test {
 protected:
  std::optional<neighbour_state> state_of(const ip_address& address) {
    return host->interfaces().find(1)->neighbours().state(address);
  }

  void expect_request(const bytes& content, const ip_address& target) {
    EXPECT_EQ(arp_in(content),
              (wire::arp_packet{wire::arp_operation::request, our_mac, us, mac_address(), target}));
  }
};

TEST_F(neighbour_arp, a_question_for_our_address_is_answered_to_whoever_asked) {
  start();
  hear(frame(wire::ethertype::arp, arp_request(peer, peer_mac, us), mac_address::broadcast()));
  EXPECT_EQ(arp_in(sent_one(wire::ethertype::arp)),
            (wire::arp_packet{wire::arp_operation::reply, our_mac, us, peer_mac, peer}));
}

TEST_F(neighbour_arp, a_question_for_another_address_is_not_answered) {
  start();
  hear(frame(wire::ethertype::arp, arp_request(peer, peer_mac, gateway), mac_address::broadcast()));
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(state_of(peer), std::nullopt) << "and nothing is learned from it";
}

TEST_F(neighbour_arp, a_packet_waits_until_the_neighbour_has_answered) {
  start();
  send(peer, pattern(20));
  expect_request(sent_one(wire::ethertype::arp, mac_address::broadcast()), peer);
  EXPECT_EQ(state_of(peer), neighbour_state::incomplete);

  hear_arp(arp_reply(peer, peer_mac, us));
  EXPECT_EQ(part(sent_v4(), 20), pattern(20));
  EXPECT_EQ(state_of(peer), neighbour_state::reachable);
  send(peer, pattern(8));
  EXPECT_EQ(part(sent_v4(), 20), pattern(8)) << "the next ones do not wait";
}

TEST_F(neighbour_arp, packets_for_hosts_behind_a_gateway_go_to_its_hardware_address) {
  start();
  send(far_host, pattern(20));
  expect_request(sent_one(wire::ethertype::arp, mac_address::broadcast()), gateway);
  hear_arp(arp_reply(gateway, peer_mac, us));
  EXPECT_EQ(v4_in(sent_v4()).destination, far_host);
}

TEST_F(neighbour_arp, is_asked_three_times_and_then_all_that_waits_has_failed) {
  start();
  send(peer, pattern(20));
  send(peer, pattern(24));
  EXPECT_EQ(sent().size(), 1U) << "one question for both";
  pass(1s);
  expect_request(sent_one(wire::ethertype::arp, mac_address::broadcast()), peer);
  pass(1s);
  EXPECT_EQ(sent().size(), 1U);
  pass(1s);
  EXPECT_TRUE(sent().empty());

  EXPECT_EQ(state_of(peer), std::nullopt);
  EXPECT_EQ(counters().neighbours_unreachable, 2U);
  ASSERT_EQ(transport.failures.size(), 2U);
  EXPECT_EQ(transport.failures[0].what, path_error::kind::host_unreachable);
  EXPECT_EQ(transport.failures[0].source, us);
  EXPECT_EQ(transport.failures[0].destination, peer);
  EXPECT_EQ(transport.failures[0].transport, pattern(20));
}

TEST_F(neighbour_arp, a_late_answer_is_an_answer_nobody_waits_for) {
  start();
  send(peer, pattern(20));
  pass(4s);
  (void)sent();
  hear_arp(arp_reply(peer, peer_mac, us));
  EXPECT_EQ(state_of(peer), std::nullopt);
  EXPECT_TRUE(sent().empty());
}

TEST_F(neighbour_arp, whoever_asks_for_us_is_remembered_but_not_confirmed) {
  start();
  hear_arp(arp_request(peer, peer_mac, us));
  (void)sent();
  EXPECT_EQ(state_of(peer), neighbour_state::stale);
  send(peer, pattern(20));
  EXPECT_EQ(part(sent_v4(), 20), pattern(20)) << "the answer needs no question of our own";
}

TEST_F(neighbour_arp, one_that_may_be_out_of_date_is_used_and_checked_after_five_seconds) {
  start();
  hear_arp(arp_request(peer, peer_mac, us));
  (void)sent();
  send(peer, pattern(20));
  (void)sent();
  EXPECT_EQ(state_of(peer), neighbour_state::delay);
  pass(5s);
  EXPECT_EQ(state_of(peer), neighbour_state::probe);
  expect_request(sent_one(wire::ethertype::arp, peer_mac), peer);
  hear_arp(arp_reply(peer, peer_mac, us));
  EXPECT_EQ(state_of(peer), neighbour_state::reachable);
  pass(10s);
  EXPECT_TRUE(sent().empty());
}

TEST_F(neighbour_arp, one_that_has_gone_is_forgotten_after_three_checks) {
  start();
  hear_arp(arp_request(peer, peer_mac, us));
  send(peer, pattern(20));
  (void)sent();
  pass(5s + 3s);
  EXPECT_EQ(sent().size(), 3U);
  EXPECT_EQ(state_of(peer), std::nullopt);
  send(peer, pattern(20));
  expect_request(sent_one(wire::ethertype::arp, mac_address::broadcast()), peer);
}

TEST_F(neighbour_arp, is_confirmed_for_between_15_and_45_seconds) {
  start();
  send(peer, pattern(20));
  hear_arp(arp_reply(peer, peer_mac, us));
  pass(14s);
  EXPECT_EQ(state_of(peer), neighbour_state::reachable);
  pass(32s);
  EXPECT_EQ(state_of(peer), neighbour_state::stale);
}

TEST_F(neighbour_arp, answers_that_nobody_asked_for_make_no_entry) {
  start();
  hear_arp(arp_reply(peer, other_mac, us));
  hear(frame(wire::ethertype::arp, arp_request(peer, other_mac, peer), mac_address::broadcast()));
  EXPECT_EQ(state_of(peer), std::nullopt);
}

TEST_F(neighbour_arp, an_announcement_right_after_the_answer_does_not_change_it) {
  start();
  send(peer, pattern(20));
  hear_arp(arp_reply(peer, peer_mac, us));
  (void)sent();
  pass(500ms);
  hear_arp(arp_reply(peer, other_mac, us));
  send(peer, pattern(20));
  EXPECT_EQ(part(sent_v4(), 20), pattern(20)) << "to the first hardware address";
}

TEST_F(neighbour_arp, a_neighbour_may_change_its_hardware_address_in_the_middle_of_a_flow) {
  start();
  send(peer, pattern(20));
  hear_arp(arp_reply(peer, peer_mac, us));
  (void)sent();
  pass(2s);
  hear(frame(wire::ethertype::arp, arp_request(peer, other_mac, peer), mac_address::broadcast()));
  EXPECT_EQ(state_of(peer), neighbour_state::stale) << "it is believed, but checked soon";
  send(peer, pattern(20));
  EXPECT_EQ(part(sent_one(wire::ethertype::ipv4, other_mac), 20), pattern(20));
}

TEST_F(neighbour_arp, nobody_else_can_claim_our_address) {
  start();
  hear_arp(arp_request(us, other_mac, us));
  hear_arp(arp_reply(us, other_mac, us));
  EXPECT_EQ(counters().address_conflicts, 2U);
  EXPECT_EQ(state_of(us), std::nullopt);
  const auto defended = arp_in(sent_one(wire::ethertype::arp, mac_address::broadcast()));
  EXPECT_EQ(defended.sender_ip, us) << "all are told whose it is, once in a while (RFC 5227)";
  EXPECT_EQ(defended.target_ip, us);
  EXPECT_TRUE(host->network().is_local(us));
}

TEST_F(neighbour_arp, what_no_host_can_say_is_dropped) {
  start();
  const mac_address group{0x01, 0, 0x5e, 0, 0, 1};
  hear_arp(arp_request(peer, group, us));
  hear_arp(arp_request(ip("224.0.0.1"), peer_mac, us));
  hear_arp(arp_request(ip("10.0.0.255"), peer_mac, us));
  hear_arp(arp_request(ip("127.0.0.1"), peer_mac, us));
  hear_arp(part(arp_request(peer, peer_mac, us), 0, 27));
  EXPECT_EQ(counters().malformed_arp, 5U);
  EXPECT_TRUE(sent().empty());
}

TEST_F(neighbour_arp, groups_and_broadcasts_need_no_question) {
  start();
  send(ip("10.0.0.255"), pattern(20));
  EXPECT_EQ(part(sent_one(wire::ethertype::ipv4, mac_address::broadcast()), 20), pattern(20));
  send(ip("255.255.255.255"), pattern(20));
  EXPECT_EQ(part(sent_one(wire::ethertype::ipv4, mac_address::broadcast()), 20), pattern(20));
  send(ip("239.129.2.3"), pattern(20));
  EXPECT_EQ(part(sent_one(wire::ethertype::ipv4, {0x01, 0, 0x5e, 0x01, 2, 3}), 20), pattern(20));
}

TEST_F(neighbour_arp, what_waits_for_one_neighbour_is_bounded_and_the_newest_stay) {
  settings.neighbours.pending_bytes = 3 * packet_pool::small_buffer;
  start();
  for (std::size_t i = 0; i < 10; ++i) send(peer, pattern(20 + i));
  EXPECT_EQ(counters().pending_full, 7U);
  (void)sent();
  hear_arp(arp_reply(peer, peer_mac, us));
  const auto frames = sent();
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_EQ(part(frames[0], 34), pattern(27));
  EXPECT_EQ(part(frames[2], 34), pattern(29));
}

TEST_F(neighbour_arp, what_waits_for_all_neighbours_is_bounded) {
  settings.neighbours.all_pending_bytes = 8 * packet_pool::small_buffer;
  nic.addresses = {{us, 16}};
  start();
  for (std::uint8_t i = 0; i < 100; ++i) send(ip_address::v4(10, 0, 7, i), pattern(20));
  EXPECT_LE(host->interfaces().find(1)->neighbours().pending_bytes(),
            settings.neighbours.all_pending_bytes);
  EXPECT_LE(pool.counters().packets_in_use, 8U + 100U);
  (void)sent();
  EXPECT_LE(pool.counters().packets_in_use, 8U);
}

TEST_F(neighbour_arp, a_flood_of_questions_does_not_push_out_whom_we_talk_to) {
  settings.neighbours.most = 64;
  nic.addresses = {{us, 8}};
  start();
  send(peer, pattern(20));
  hear_arp(arp_reply(peer, peer_mac, us));
  for (unsigned i = 0; i < 10'000; ++i) {
    const auto high = static_cast<std::uint8_t>(i >> 8);
    hear_arp(arp_request(ip_address::v4(10, 9, high, static_cast<std::uint8_t>(i)), other_mac, us));
    (void)sent();
  }
  EXPECT_EQ(host->interfaces().find(1)->neighbours().size(), 64U);
  EXPECT_EQ(state_of(peer), neighbour_state::reachable);
}

TEST_F(neighbour_arp, a_scan_of_silent_addresses_does_not_push_out_whom_we_talk_to) {
  settings.neighbours.most = 64;
  nic.addresses = {{us, 8}};
  start();
  send(peer, pattern(20));
  hear_arp(arp_reply(peer, peer_mac, us));
  for (unsigned i = 0; i < 10'000; ++i) {
    const auto high = static_cast<std::uint8_t>(i >> 8);
    send(ip_address::v4(10, 9, high, static_cast<std::uint8_t>(i)), pattern(20));
    (void)sent();
  }
  EXPECT_EQ(host->interfaces().find(1)->neighbours().size(), 64U);
  EXPECT_LE(pool.counters().packets_in_use, 64U);
  EXPECT_EQ(state_of(peer), neighbour_state::reachable);
}

}  // namespace
}  // namespace pentad::native::test
