// What a host sends: headers, fragments, offloads, and what must not leave it.
#include "ip_peer.hpp"

namespace pentad::native::test {
namespace {

using ip_output = ip_test;

TEST_F(ip_output, a_packet_gets_its_headers) {
  start();
  meet_peer();
  outgoing_packet packet;
  packet.payload = make(pattern(30));
  packet.source = us;
  packet.destination = peer;
  packet.protocol = test_protocol;
  packet.time_to_live = 33;
  packet.traffic_class = 0x12;
  packet.dont_fragment = true;
  host->network().send(std::move(packet), now);
  const bytes made = sent_v4();
  EXPECT_EQ(v4_in(made), (wire::ipv4_header{.source = us,
                                            .destination = peer,
                                            .protocol = test_protocol,
                                            .time_to_live = 33,
                                            .traffic_class = 0x12,
                                            .dont_fragment = true,
                                            .payload_size = 30}));
  EXPECT_EQ(payload_of(made), pattern(30));
}

TEST_F(ip_output, a_packet_of_ipv6_gets_its_headers) {
  start();
  meet_peer();
  send(peer6, pattern(30));
  const bytes made = sent_v6();
  EXPECT_EQ(
      v6_in(made),
      (wire::ipv6_header{
          .source = us6, .destination = peer6, .next_header = test_protocol, .payload_size = 30}));
  EXPECT_EQ(payload_of(made), pattern(30));
}

class ip_output_row : public ip_test, public testing::WithParamInterface<ip_version> {
 protected:
  bool is_v4() const { return GetParam() == ip_version::v4; }

  void sends_row(std::initializer_list<std::size_t> sizes) {
    outgoing_packet row;
    for (const std::size_t size : sizes) {
      packet next = make(pattern(size));
      if (!row.payload) {
        row.payload = std::move(next);
      } else {
        row.payload.follow(std::move(next));
      }
    }
    row.source = is_v4() ? us : us6;
    row.destination = is_v4() ? peer : peer6;
    row.protocol = test_protocol;
    row.traffic_class = 2;
    row.dont_fragment = true;
    host->network().send(std::move(row), now);
  }

  // The sizes of the payloads, if all have headers of their own that are right.
  std::vector<std::size_t> sizes_sent() {
    std::vector<std::size_t> sizes;
    for (const bytes& each : sent()) {
      const bytes made = part(each, 14);
      const bytes payload = payload_of(made);
      sizes.push_back(payload.size());
      EXPECT_EQ(payload, pattern(payload.size()));
      if (is_v4()) {
        EXPECT_EQ(v4_in(made).payload_size, payload.size());
        EXPECT_EQ(v4_in(made).traffic_class, 2);
      } else {
        EXPECT_EQ(v6_in(made).payload_size, payload.size());
        EXPECT_EQ(v6_in(made).traffic_class, 2);
      }
    }
    return sizes;
  }
};

INSTANTIATE_TEST_SUITE_P(, ip_output_row, testing::Values(ip_version::v4, ip_version::v6),
                         [](const testing::TestParamInfo<ip_version>& each) {
                           return std::string(each.param == ip_version::v4 ? "v4" : "v6");
                         });

TEST_P(ip_output_row, is_sent_one_by_one_when_its_way_is_to_be_found_out) {
  start();
  meet_peer();
  sends_row({40, 40, 9});
  EXPECT_EQ(sizes_sent(), (std::vector<std::size_t>{40, 40, 9}));
}

TEST_P(ip_output_row, gets_headers_for_each_packet) {
  start();
  meet_peer();
  sends_row({40});
  EXPECT_EQ(sizes_sent().size(), 1U);
  const std::uint64_t before = counters().packets_sent;
  sends_row({40, 40, 40, 9});
  EXPECT_EQ(sizes_sent(), (std::vector<std::size_t>{40, 40, 40, 9}));
  EXPECT_EQ(counters().packets_sent - before, 4U);
}

TEST_F(ip_output, what_is_longer_than_the_link_takes_goes_in_fragments) {
  start();
  meet_peer();
  send(peer, pattern(3000));
  const auto frames = sent();
  ASSERT_EQ(frames.size(), 3U);
  bytes payload;
  for (const bytes& each : frames) {
    const bytes packet = part(each, 14);
    EXPECT_LE(packet.size(), 1500U);
    EXPECT_EQ(v4_in(packet).fragment_offset, payload.size());
    EXPECT_EQ(v4_in(packet).more_fragments, &each != &frames.back());
    EXPECT_EQ(v4_in(packet).identification, v4_in(part(frames[0], 14)).identification);
    payload = payload + payload_of(packet);
  }
  EXPECT_EQ(payload, pattern(3000));
  EXPECT_EQ(counters().fragments_sent, 3U);
}

TEST_F(ip_output, what_is_longer_than_the_link_takes_goes_in_fragments_of_ipv6) {
  start();
  meet_peer();
  send(peer6, pattern(3000));
  const auto frames = sent();
  ASSERT_EQ(frames.size(), 3U);
  bytes payload;
  for (const bytes& each : frames) {
    const bytes packet = part(each, 14);
    EXPECT_LE(packet.size(), 1500U);
    EXPECT_EQ(v6_in(packet).next_header, ip_protocol{44});
    EXPECT_EQ(packet[40], static_cast<std::byte>(test_protocol));
    const bool is_last = &each == &frames.back();
    EXPECT_EQ(load_be16(&packet[42]), payload.size() | (is_last ? 0U : 1U));
    EXPECT_EQ(load_be32(&packet[44]), load_be32(&frames[0][58]));
    payload = payload + part(packet, 48);
  }
  EXPECT_EQ(payload, pattern(3000));
}

TEST_F(ip_output, packets_that_may_be_fragmented_have_different_identifications) {
  start();
  meet_peer();
  send(peer, pattern(8));
  send(peer, pattern(8));
  const auto frames = sent();
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_NE(v4_in(part(frames[0], 14)).identification, v4_in(part(frames[1], 14)).identification);
}

TEST_F(ip_output, what_must_not_be_fragmented_comes_back_as_an_error) {
  start();
  meet_peer();
  send(peer, pattern(1481), true);
  EXPECT_TRUE(sent().empty());
  EXPECT_TRUE(transport.failures.empty()) << "never from within the call";
  EXPECT_EQ(host->next_deadline(), now);
  host->advance(now);
  ASSERT_EQ(transport.failures.size(), 1U);
  EXPECT_EQ(transport.failures[0].what, path_error::kind::too_big);
  EXPECT_EQ(transport.failures[0].mtu, 1500U);
  EXPECT_EQ(transport.failures[0].destination, peer);

  send(peer6, pattern(1461), true);
  host->advance(now);
  ASSERT_EQ(transport.failures.size(), 2U);
  EXPECT_EQ(transport.failures[1].mtu, 1500U);
  EXPECT_EQ(counters().too_big, 2U);
}

TEST_F(ip_output, a_destination_that_has_no_way_any_more_comes_back_as_an_error) {
  nic.gateways = {};
  start();
  outgoing_packet packet;
  packet.payload = make(pattern(30));
  packet.source = us;
  packet.destination = far_host;
  packet.protocol = test_protocol;
  host->network().send(std::move(packet), now);
  host->advance(now);
  ASSERT_EQ(transport.failures.size(), 1U);
  EXPECT_EQ(transport.failures[0].what, path_error::kind::network_unreachable);
  EXPECT_EQ(counters().no_route, 1U);
}

TEST_F(ip_output, loopback_addresses_do_not_leave_the_host) {
  start();
  meet_peer();
  outgoing_packet packet;
  packet.payload = make(pattern(30));
  packet.source = ip("127.0.0.1");
  packet.destination = peer;
  packet.protocol = test_protocol;
  host->network().send(std::move(packet), now);
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(counters().martian_sources, 1U);
}

class ip_output_checksum : public ip_test {
 protected:
  /// A UDP datagram whose checksum is left to the NIC.
  void send_partial(std::size_t size) {
    const bytes payload = pattern(size);
    packet made = pool.take(8 + size);
    wire::udp_header{1, 2}.emit_for_offload(made.append(8),
                                            wire::pseudo_header(us, peer, test_protocol), size);
    made.append(payload);
    packet_offload offload;
    offload.checksum = checksum_state::partial;
    offload.checksum_offset = 6;
    made.set_offload(offload);
    outgoing_packet sent_packet;
    sent_packet.payload = std::move(made);
    sent_packet.source = us;
    sent_packet.destination = peer;
    sent_packet.protocol = test_protocol;
    host->network().send(std::move(sent_packet), now);
  }

  static bool is_complete(const bytes& datagram) {
    return wire::udp_view::parse(datagram, wire::pseudo_header(us, peer, test_protocol))
        .has_value();
  }
};

TEST_F(ip_output_checksum, is_left_to_a_nic_that_does_it) {
  nic.offloads.transmit_checksum = true;
  start();
  meet_peer();
  send_partial(100);
  std::array<packet, 4> frames;
  ASSERT_EQ(host->output(1, frames, now), 1U);
  EXPECT_EQ(frames[0].offload().checksum, checksum_state::partial);
  EXPECT_EQ(frames[0].offload().checksum_start, 34);
  EXPECT_EQ(frames[0].offload().checksum_offset, 6);
}

TEST_F(ip_output_checksum, is_computed_for_a_nic_that_does_not) {
  start();
  meet_peer();
  send_partial(101);
  EXPECT_TRUE(is_complete(payload_of(sent_v4())));
}

TEST_F(ip_output_checksum, is_computed_before_a_packet_is_cut_into_fragments) {
  nic.offloads.transmit_checksum = true;
  start();
  meet_peer();
  send_partial(2000);
  const auto frames = sent();
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_TRUE(is_complete(part(frames[0], 34) + part(frames[1], 34)));
}

class ip_output_super_segment : public ip_test {
 protected:
  void use_splitting_nic() {
    nic.offloads = {.transmit_checksum = true,
                    .segment_tcp_v4 = true,
                    .segment_tcp_v6 = true,
                    .segment_limit = 65535};
    start();
    meet_peer();
  }

  void send_super_segment(std::uint16_t segment_size = 1460) {
    packet made = make(pattern(20 + 10'000));
    packet_offload offload;
    offload.checksum = checksum_state::partial;
    offload.checksum_offset = 16;
    offload.segment = segmentation::tcp_v4;
    offload.segment_size = segment_size;
    offload.header_size = 20;
    made.set_offload(offload);
    outgoing_packet sent_packet;
    sent_packet.payload = std::move(made);
    sent_packet.source = us;
    sent_packet.destination = peer;
    sent_packet.protocol = test_protocol;
    sent_packet.dont_fragment = true;
    host->network().send(std::move(sent_packet), now);
  }
};

TEST_F(ip_output_super_segment, goes_as_it_is_to_a_nic_that_splits_it) {
  use_splitting_nic();
  send_super_segment();
  std::array<packet, 4> frames;
  ASSERT_EQ(host->output(1, frames, now), 1U);
  EXPECT_EQ(frames[0].size(), 14U + 20 + 20 + 10'000);
  EXPECT_EQ(frames[0].offload().segment, segmentation::tcp_v4);
  EXPECT_EQ(frames[0].offload().header_size, 54);
  EXPECT_EQ(frames[0].offload().checksum_start, 34);
}

TEST_F(ip_output_super_segment, of_segments_that_are_too_long_comes_back_as_an_error) {
  use_splitting_nic();
  send_super_segment(1461);
  EXPECT_TRUE(sent().empty());
  host->advance(now);
  ASSERT_EQ(transport.failures.size(), 1U);
  EXPECT_EQ(transport.failures[0].what, path_error::kind::too_big);
  EXPECT_EQ(transport.failures[0].mtu, 1500U);
}

TEST_F(ip_output_super_segment, is_dropped_before_a_nic_that_cannot_split_it) {
  start();
  meet_peer();
  send_super_segment();
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(counters().unsupported_offload, 1U);
}

TEST_F(ip_output, frames_that_no_nic_fetches_are_bounded) {
  nic.most_output_packets = 10;
  start();
  meet_peer();
  for (int i = 0; i < 25; ++i) send(peer, pattern(8));
  EXPECT_EQ(counters().output_full, 15U);
  EXPECT_EQ(sent().size(), 10U);
}

TEST_F(ip_output, without_memory_nothing_is_sent_and_all_is_counted) {
  start();
  meet_peer();
  std::vector<packet> all;
  while (pool.counters().packets_in_use + 1 < pool.limits().packets) all.push_back(pool.take(1));
  send(peer, pattern(3000));
  EXPECT_TRUE(sent().empty()) << "fragments need packets";
  EXPECT_EQ(counters().out_of_packets, 1U);
}

/// What a router says of a packet that was too long.
class ip_path_mtu : public ip_test {
 protected:
  void SetUp() override {
    start();
    meet_peer();
  }

  std::uint32_t mtu_to(const ip_address& to) {
    return host->network().find_path(to, ip_address::any(to.version())).value().mtu;
  }

  /// UDP is the transport that checks the claim here.
  udp_port& send_datagram(const ip_address& to, std::size_t size) {
    udp_port& port = **host->udp().bind({ip_address::any(to.version()), 0});
    EXPECT_TRUE(port.send_to(pattern(size), {to, 7}, now));
    return port;
  }

  void hear_too_big(const bytes& about, std::uint16_t mtu) {
    hear_v4(ipv4(icmp4(wire::icmpv4_header::fragmentation_needed(mtu), part(about, 0, 28)),
                 [](wire::ipv4_header& header) { header.protocol = ip_protocol::icmp; }));
  }

  void hear_too_big_v6(const bytes& about, std::uint32_t mtu) {
    hear_v6(ipv6(icmp6(wire::icmpv6_header::packet_too_big(mtu), part(about, 0, 1232)),
                 [](wire::ipv6_header& header) { header.next_header = ip_protocol::icmpv6; }));
  }
};

TEST_F(ip_path_mtu, is_lowered_for_that_destination_and_forgotten_after_ten_minutes) {
  send_datagram(far_host, 1400);
  const bytes packet = sent_v4();
  EXPECT_TRUE(v4_in(packet).dont_fragment);
  hear_too_big(packet, 1300);
  EXPECT_EQ(mtu_to(far_host), 1300U);
  EXPECT_EQ(mtu_to(peer), 1500U);
  pass(10min - 1s);
  EXPECT_EQ(mtu_to(far_host), 1300U);
  pass(2s);
  EXPECT_EQ(mtu_to(far_host), 1500U);
}

TEST_F(ip_path_mtu, makes_fragments_of_what_is_longer) {
  udp_port& port = send_datagram(far_host, 1400);
  hear_too_big(sent_v4(), 1300);
  ASSERT_TRUE(port.send_to(pattern(1400), {far_host, 7}, now));
  const auto frames = sent();
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_LE(frames[0].size(), 14U + 1300);
  EXPECT_FALSE(v4_in(part(frames[0], 14)).dont_fragment);
}

TEST_F(ip_path_mtu, of_ipv6_is_lowered_to_1280_at_least) {
  udp_port& port = send_datagram(far_host6, 1400);
  const bytes packet = sent_v6();
  hear_too_big_v6(packet, 1279);
  EXPECT_EQ(mtu_to(far_host6), 1500U);
  EXPECT_EQ(counters().implausible_icmp, 1U);
  hear_too_big_v6(packet, 1280);
  EXPECT_EQ(mtu_to(far_host6), 1280U);
  ASSERT_TRUE(port.send_to(pattern(1400), {far_host6, 7}, now));
  EXPECT_EQ(sent().size(), 2U);
}

TEST_F(ip_path_mtu, is_never_raised_by_an_error) {
  send_datagram(far_host, 1400);
  const bytes packet = sent_v4();
  hear_too_big(packet, 1000);
  hear_too_big(packet, 1300);
  EXPECT_EQ(mtu_to(far_host), 1000U);
}

TEST_F(ip_path_mtu, below_576_is_not_believed_but_routers_may_fragment) {
  udp_port& port = send_datagram(far_host, 1400);
  hear_too_big(sent_v4(), 100);
  EXPECT_EQ(mtu_to(far_host), 576U);
  ASSERT_TRUE(port.send_to(pattern(500), {far_host, 7}, now));
  EXPECT_FALSE(v4_in(sent_v4()).dont_fragment);
}

// Routers may cut what is not longer than that, which this host cannot know. What is longer it does
// know: whoever does not want it to be cut sends less at a time.
TEST_F(ip_path_mtu, below_576_is_no_leave_to_cut_here_what_may_not_be) {
  send_datagram(far_host, 1400);
  hear_too_big(sent_v4(), 100);
  send(far_host, pattern(600), true);
  host->advance(now);
  EXPECT_TRUE(sent().empty());
  ASSERT_EQ(transport.failures.size(), 1U);
  EXPECT_EQ(transport.failures[0].what, path_error::kind::too_big);
  EXPECT_EQ(transport.failures[0].mtu, 576U);
  send(far_host, pattern(500), true);
  EXPECT_FALSE(v4_in(sent_v4()).dont_fragment);
}

TEST_F(ip_path_mtu, is_guessed_if_an_old_router_does_not_say_it) {
  send_datagram(far_host, 1400);
  hear_too_big(sent_v4(), 0);
  EXPECT_EQ(mtu_to(far_host), 1006U) << "RFC 1191, section 7: the plateau below 1428";
}

TEST_F(ip_path_mtu, is_not_lowered_by_what_cannot_be_true) {
  send_datagram(far_host, 1400);
  const bytes packet = sent_v4();
  hear_too_big(packet, 1428);  // it fits
  hear_too_big(packet, 67);    // no link is like that
  bytes never_sent = packet;
  store_be16(&never_sent[20], 9);  // from a port that is not open
  hear_too_big(never_sent, 1300);
  bytes of_others = packet;
  of_others[15] = std::byte{99};  // from another host
  hear_too_big(of_others, 1300);
  EXPECT_EQ(mtu_to(far_host), 1500U);
  EXPECT_EQ(counters().implausible_icmp, 4U);
}

TEST_F(ip_path_mtu, of_many_destinations_is_bounded) {
  context shared(settings, pool);
  path_mtu_cache paths(shared);
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    paths.lower(
        ip_address::v4(192, 0, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)),
        1000);
  }
  EXPECT_EQ(paths.size(), settings.path_mtu.most);
}

}  // namespace
}  // namespace pentad::native::test
