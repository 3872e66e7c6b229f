// What a host takes in, and what it must not: RFC 1122 sections 3.2 and 3.3, RFC 4291, RFC 8200.
#include "ip_peer.hpp"

namespace pentad::native::test {
namespace {

class ip_input : public ip_test {
 protected:
  std::size_t taken() const { return transport.arrivals.size(); }
};

TEST_F(ip_input, a_packet_for_us_reaches_its_transport) {
  start();
  hear_v4(ipv4(pattern(100), [](wire::ipv4_header& header) {
    header.time_to_live = 9;
    header.traffic_class = 0xb9;
  }));
  ASSERT_EQ(taken(), 1U);
  const auto& arrival = transport.arrivals[0];
  EXPECT_EQ(arrival.source, peer);
  EXPECT_EQ(arrival.destination, us);
  EXPECT_EQ(arrival.payload, pattern(100));
  EXPECT_EQ(arrival.time_to_live, 9);
  EXPECT_EQ(arrival.traffic_class, 0xb9);
  EXPECT_FALSE(arrival.checksum_is_known_good);
  EXPECT_FALSE(arrival.to_group);
  EXPECT_EQ(counters().packets_delivered, 1U);
}

TEST_F(ip_input, a_packet_of_ipv6_for_us_reaches_its_transport) {
  start();
  hear_v6(ipv6(pattern(100), [](wire::ipv6_header& header) {
    header.hop_limit = 9;
    header.traffic_class = 0xb9;
  }));
  ASSERT_EQ(taken(), 1U);
  EXPECT_EQ(transport.arrivals[0].source, peer6);
  EXPECT_EQ(transport.arrivals[0].payload, pattern(100));
  EXPECT_EQ(transport.arrivals[0].time_to_live, 9);
  EXPECT_EQ(transport.arrivals[0].traffic_class, 0xb9);
}

TEST_F(ip_input, the_padding_of_short_frames_is_cut_off) {
  start();
  hear_v4(ipv4(pattern(3)) + bytes(23));
  hear_v6(ipv6(pattern(3)) + bytes(3));
  ASSERT_EQ(taken(), 2U);
  EXPECT_EQ(transport.arrivals[0].payload, pattern(3));
  EXPECT_EQ(transport.arrivals[1].payload, pattern(3));
}

TEST_F(ip_input, frames_for_other_stations_are_not_ours) {
  start();
  hear(frame(wire::ethertype::ipv4, ipv4(pattern(8)), other_mac));
  EXPECT_EQ(counters().frames_for_others, 1U);
  EXPECT_EQ(taken(), 0U);
}

TEST_F(ip_input, broken_frames_and_unknown_kinds_are_counted) {
  start();
  hear(bytes(13));
  hear(frame(wire::ethertype{46}, pattern(46)));  // a length, as in IEEE 802.3
  hear(frame(wire::ethertype{0x88cc}, pattern(46)));
  EXPECT_EQ(counters().malformed_frames, 2U);
  EXPECT_EQ(counters().unknown_ethertypes, 1U);
}

TEST_F(ip_input, frames_from_groups_or_from_ourselves_are_dropped) {
  start();
  hear(frame(wire::ethertype::ipv4, ipv4(pattern(8)), our_mac, mac_address::broadcast()));
  hear(frame(wire::ethertype::ipv4, ipv4(pattern(8)), our_mac, our_mac));
  EXPECT_EQ(counters().invalid_sources, 2U);
  EXPECT_EQ(taken(), 0U);
}

TEST_F(ip_input, broken_headers_are_dropped) {
  start();
  bytes damaged = ipv4(pattern(8));
  damaged[8] ^= std::byte{1};
  hear_v4(damaged);
  hear_v4(part(ipv4(pattern(8)), 0, 27));
  hear_v4(ipv6(pattern(8)));
  hear_v6(ipv4(pattern(8)));
  hear_v6(part(ipv6(pattern(8)), 0, 47));
  hear_v4({});
  EXPECT_EQ(counters().malformed_packets, 6U);
  EXPECT_EQ(taken(), 0U);
}

TEST_F(ip_input, nothing_is_forwarded) {
  start();
  hear_v4(ipv4(pattern(8), [](wire::ipv4_header& header) { header.destination = far_host; }));
  hear_v6(ipv6(pattern(8), [](wire::ipv6_header& header) { header.destination = far_host6; }));
  EXPECT_EQ(counters().packets_for_others, 2U);
  EXPECT_TRUE(sent().empty());
}

TEST_F(ip_input, sources_that_no_host_can_have_are_dropped) {
  start();
  for (const char* source : {"224.0.0.1", "255.255.255.255", "10.0.0.255", "127.0.0.1", "240.0.0.1",
                             "0.0.0.0", "10.0.0.1"}) {
    hear_v4(ipv4(pattern(8), [&](wire::ipv4_header& header) { header.source = ip(source); }));
  }
  for (const char* source : {"ff02::1", "::1", "::", "2001:db8::1", "::ffff:10.0.0.2"}) {
    hear_v6(ipv6(pattern(8), [&](wire::ipv6_header& header) { header.source = ip(source); }));
  }
  EXPECT_EQ(counters().invalid_sources, 12U);
  EXPECT_EQ(taken(), 0U);
  EXPECT_TRUE(sent().empty());
}

TEST_F(ip_input, loopback_addresses_are_not_on_the_wire) {
  start();
  hear_v4(
      ipv4(pattern(8), [](wire::ipv4_header& header) { header.destination = ip("127.0.0.1"); }));
  hear_v6(ipv6(pattern(8), [](wire::ipv6_header& header) { header.destination = ip("::1"); }));
  EXPECT_EQ(taken(), 0U);
  EXPECT_EQ(counters().packets_for_others, 2U);
}

TEST_F(ip_input, source_routes_are_refused_and_other_options_ignored) {
  start();
  const auto with_option = [](std::byte type) {
    bytes packet = ipv4({}, [](wire::ipv4_header& header) { header.payload_size = 12; });
    packet[0] = std::byte{0x47};
    store_be16(&packet[10], 0);
    packet = packet + bytes{type, std::byte{7}, std::byte{4}, {}, {}, {}, {}, {}} + pattern(4);
    store_be16(&packet[10], wire::internet_sum{std::span(packet).first(28)}.checksum());
    return packet;
  };
  hear_v4(with_option(std::byte{131}));
  hear_v4(with_option(std::byte{137}));
  EXPECT_EQ(counters().source_routed, 2U);
  EXPECT_EQ(taken(), 0U);
  hear_v4(with_option(std::byte{7}));  // record route
  ASSERT_EQ(taken(), 1U);
  EXPECT_EQ(transport.arrivals[0].payload, pattern(4));
}

TEST_F(ip_input, a_packet_at_the_end_of_its_life_has_still_arrived) {
  start();
  hear_v4(ipv4(pattern(8), [](wire::ipv4_header& header) { header.time_to_live = 1; }));
  hear_v4(ipv4(pattern(8), [](wire::ipv4_header& header) { header.time_to_live = 0; }));
  EXPECT_EQ(taken(), 2U) << "RFC 1122, section 3.2.1.7";
}

TEST_F(ip_input, broadcasts_and_groups_of_all_hosts_are_taken_and_marked) {
  start();
  for (const char* group : {"255.255.255.255", "10.0.0.255", "224.0.0.1"}) {
    hear(frame(wire::ethertype::ipv4,
               ipv4(pattern(8), [&](wire::ipv4_header& header) { header.destination = ip(group); }),
               mac_address::broadcast()));
  }
  for (const ip_address& group : {wire::all_nodes(), wire::solicited_node(us6)}) {
    hear(frame(wire::ethertype::ipv6,
               ipv6(pattern(8), [&](wire::ipv6_header& header) { header.destination = group; }),
               wire::multicast_mac(group)));
  }
  ASSERT_EQ(taken(), 5U);
  for (const auto& each : transport.arrivals) EXPECT_TRUE(each.to_group);
  EXPECT_EQ(transport.arrivals[3].destination, ip("ff02::1%1"));
}

TEST_F(ip_input, groups_that_this_host_is_not_in_are_not_for_it) {
  start();
  hear_v4(
      ipv4(pattern(8), [](wire::ipv4_header& header) { header.destination = ip("224.0.0.5"); }));
  hear_v6(ipv6(pattern(8), [](wire::ipv6_header& header) { header.destination = ip("ff02::5"); }));
  hear_v6(ipv6(pattern(8), [](wire::ipv6_header& header) { header.destination = ip("ff01::1"); }));
  EXPECT_EQ(taken(), 0U);
  EXPECT_EQ(counters().packets_for_others, 3U);
}

TEST_F(ip_input, a_frame_to_all_with_a_packet_for_one_is_dropped) {
  start();
  hear(frame(wire::ethertype::ipv4, ipv4(pattern(8)), mac_address::broadcast()));
  EXPECT_EQ(taken(), 0U);
}

TEST_F(ip_input, link_local_addresses_have_the_scope_of_their_link) {
  start();
  hear_v6(ipv6(pattern(8), [](wire::ipv6_header& header) {
    header.source = ip("fe80::2");
    header.destination = ip("fe80::ff:fe00:1");
  }));
  ASSERT_EQ(taken(), 1U);
  EXPECT_EQ(transport.arrivals[0].source, ip("fe80::2%1"));
  EXPECT_EQ(transport.arrivals[0].destination, our_link_local);
}

TEST_F(ip_input, what_the_nic_has_checked_is_not_checked_again) {
  start();
  for (const checksum_state state : {checksum_state::verified, checksum_state::partial}) {
    packet arrived = make(frame(wire::ethertype::ipv4, ipv4(pattern(8))));
    packet_offload offload;
    offload.checksum = state;
    arrived.set_offload(offload);
    host->input(1, std::move(arrived), now);
  }
  ASSERT_EQ(taken(), 2U);
  EXPECT_TRUE(transport.arrivals[0].checksum_is_known_good);
  EXPECT_TRUE(transport.arrivals[1].checksum_is_known_good);
}

TEST_F(ip_input, options_of_ipv6_that_are_unknown_say_themselves_what_to_do) {
  start();
  meet_peer();
  const auto with_option = [](unsigned type) {
    const bytes header{static_cast<std::byte>(test_protocol),
                       std::byte{0},
                       static_cast<std::byte>(type),
                       std::byte{4},
                       std::byte{0},
                       std::byte{0},
                       std::byte{0},
                       std::byte{0}};
    return ipv6(header + pattern(8), [](wire::ipv6_header& ip) {
      ip.next_header = ip_protocol{60};  // destination options
    });
  };
  hear_v6(with_option(0x3e));  // 00: skip it
  EXPECT_EQ(taken(), 1U);
  hear_v6(with_option(0x7e));  // 01: drop
  EXPECT_TRUE(sent().empty());
  hear_v6(with_option(0xbe));  // 10: drop and tell
  EXPECT_EQ(icmp6_in(sent_v6()), wire::icmpv6_header::parameter_problem(
                                     wire::icmpv6_parameter_problem::unrecognized_option, 42));
  hear_v6(with_option(0xfe));  // 11: drop and tell, if it was not for a group
  EXPECT_EQ(icmp6_in(sent_v6()).type, wire::icmpv6_type::parameter_problem);
  EXPECT_EQ(taken(), 1U);
  EXPECT_EQ(counters().bad_extensions, 3U);
}

TEST_F(ip_input, an_empty_handle_of_frames_takes_nothing_and_unknown_interfaces_drop) {
  start();
  host->input(1, std::span<packet>(), now);
  host->input(0, make(frame(wire::ethertype::ipv4, ipv4(pattern(8)))), now);
  host->input(7, make(frame(wire::ethertype::ipv4, ipv4(pattern(8)))), now);
  EXPECT_EQ(counters().frames_received, 0U);
  EXPECT_EQ(taken(), 0U);
}

}  // namespace
}  // namespace pentad::native::test
