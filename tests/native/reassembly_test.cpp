// Fragments on their way in: RFC 791, RFC 815, RFC 8200 section 4.5, RFC 5722, RFC 6946.
#include "ip_peer.hpp"
#include "pentad/wire/ipv6_extensions.hpp"

namespace pentad::native::test {
namespace {

const bytes content = pattern(66'000);

/// A piece of the content.
struct piece {
  std::size_t offset;
  std::size_t size;
  bool more;
  std::uint16_t identification = 1;
  std::uint8_t traffic_class = 0;
  ip_address source = peer;
};

class reassembly : public ip_test {
 protected:
  void SetUp() override {
    start();
    meet_peer();
  }

  void hear_piece(const piece& x) { hear_bytes(x, part(content, x.offset, x.size)); }

  void hear_bytes(const piece& x, const bytes& payload) {
    hear_v4(ipv4(payload, [&](wire::ipv4_header& header) {
      header.source = x.source;
      header.fragment_offset = static_cast<std::uint16_t>(x.offset);
      header.more_fragments = x.more;
      header.identification = x.identification;
      header.traffic_class = x.traffic_class;
    }));
  }

  void hear_piece_v6(const piece& x, ip_protocol next = test_protocol) {
    bytes header(8);
    wire::ipv6_fragment_header{.next_header = next,
                               .offset = static_cast<std::uint16_t>(x.offset),
                               .more_fragments = x.more,
                               .identification = x.identification}
        .emit(header);
    hear_v6(ipv6(header + part(content, x.offset, x.size), [&](wire::ipv6_header& ip) {
      ip.next_header = ip_protocol{44};
      ip.traffic_class = x.traffic_class;
    }));
  }

  void expect_whole(std::size_t size) {
    ASSERT_EQ(transport.arrivals.size(), 1U);
    EXPECT_EQ(transport.arrivals[0].payload, part(content, 0, size));
    EXPECT_EQ(host->fragments().size(), 0U);
    EXPECT_EQ(host->fragments().bytes(), 0U);
  }

  void expect_nothing() { EXPECT_TRUE(transport.arrivals.empty()); }
};

TEST_F(reassembly, puts_fragments_together_in_order) {
  hear_piece({0, 800, true});
  hear_piece({800, 800, true});
  expect_nothing();
  hear_piece({1600, 13, false});
  expect_whole(1613);
  EXPECT_EQ(counters().reassembled, 1U);
}

TEST_F(reassembly, puts_fragments_together_in_any_order) {
  std::vector<piece> pieces{{0, 800, true}, {800, 8, true}, {808, 400, true}, {1208, 1, false}};
  std::vector<std::size_t> order{0, 1, 2, 3};
  do {
    for (const std::size_t i : order) hear_piece(pieces[i]);
    expect_whole(1209);
    transport.arrivals.clear();
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_F(reassembly, puts_fragments_of_ipv6_together_in_any_order) {
  for (const bool forward : {true, false}) {
    if (forward) hear_piece_v6({0, 800, true});
    hear_piece_v6({800, 400, true});
    hear_piece_v6({1200, 13, false});
    if (!forward) hear_piece_v6({0, 800, true});
    expect_whole(1213);
    transport.arrivals.clear();
  }
}

TEST_F(reassembly, a_checksum_that_the_nic_has_verified_says_nothing_of_the_whole) {
  for (const piece& each : {piece{0, 8, true}, piece{8, 8, false}}) {
    packet made =
        make(frame(wire::ethertype::ipv4,
                   ipv4(part(pattern(16), each.offset, 8), [&](wire::ipv4_header& header) {
                     header.fragment_offset = static_cast<std::uint16_t>(each.offset);
                     header.more_fragments = each.more;
                   })));
    packet_offload offload;
    offload.checksum = checksum_state::verified;
    made.set_offload(offload);
    host->input(1, std::move(made), now);
  }
  expect_whole(16);
  EXPECT_FALSE(transport.arrivals[0].checksum_is_known_good);
}

TEST_F(reassembly, keeps_packets_apart_by_identification_protocol_and_addresses) {
  hear_piece({0, 800, true, 1});
  hear_piece({800, 8, false, 2});
  hear_piece({.offset = 800, .size = 8, .more = false, .source = gateway});
  hear_v4(ipv4(pattern(8), [](wire::ipv4_header& header) {
    header.protocol = ip_protocol{254};
    header.fragment_offset = 800;
    header.identification = 1;
  }));
  expect_nothing();
  EXPECT_EQ(host->fragments().size(), 4U);
  hear_piece({800, 8, false, 1});
  EXPECT_EQ(transport.arrivals.size(), 1U);
}

TEST_F(reassembly, exact_duplicates_do_no_harm) {
  hear_piece({0, 800, true});
  hear_piece({0, 800, true});
  hear_piece({800, 8, false});
  expect_whole(808);
  EXPECT_EQ(counters().duplicate_fragments, 1U);
}

TEST_F(reassembly, a_duplicate_with_other_bytes_is_an_overlap) {
  hear_piece({0, 800, true});
  hear_bytes({0, 800, true}, bytes(800));
  hear_piece({800, 8, false});
  expect_nothing();
  EXPECT_EQ(counters().overlapping_fragments, 1U);
}

TEST_F(reassembly, overlapping_fragments_spoil_the_packet_and_all_that_comes_later_of_it) {
  const std::vector<std::vector<piece>> overlaps{
      {{0, 800, true}, {792, 16, true}},                    // into the left neighbour
      {{800, 800, true}, {0, 808, true}},                   // into the right one
      {{0, 800, true}, {80, 80, true}},                     // inside
      {{80, 80, true}, {0, 800, true}},                     // around
      {{0, 800, true}, {1600, 8, true}, {792, 808, true}},  // across the gap
      {{0, 800, true}, {0, 400, true}},                     // the same beginning
  };
  std::uint16_t identification = 100;
  for (const auto& each : overlaps) {
    const std::uint64_t before = counters().overlapping_fragments;
    for (piece x : each) {
      x.identification = identification;
      hear_piece(x);
      hear_piece_v6(x);
    }
    EXPECT_EQ(counters().overlapping_fragments, before + 2) << identification;
    hear_piece({0, 1600, true, identification});
    hear_piece({1600, 8, false, identification});
    expect_nothing();
    ++identification;
  }
  EXPECT_EQ(host->fragments().bytes(), 0U) << "nothing but their names is kept";
  EXPECT_EQ(counters().late_fragments, 12U);
  EXPECT_TRUE(sent().empty()) << "RFC 5722: in silence";
}

TEST_F(reassembly, a_spoiled_packet_is_forgotten_in_time) {
  hear_piece({0, 800, true});
  hear_piece({8, 800, true});
  pass(31s);
  EXPECT_EQ(host->fragments().size(), 0U);
  hear_piece({0, 800, true});
  hear_piece({800, 8, false});
  expect_whole(808);
}

TEST_F(reassembly, fragments_of_no_bytes_are_dropped) {
  hear_piece({8, 0, true});
  hear_piece({8, 0, false});
  EXPECT_EQ(counters().malformed_fragments, 2U);
  EXPECT_EQ(host->fragments().size(), 0U);
}

TEST_F(reassembly, all_but_the_last_are_a_multiple_of_eight_long) {
  hear_piece({0, 801, true});
  EXPECT_EQ(counters().malformed_fragments, 1U);
  EXPECT_EQ(host->fragments().size(), 0U);

  hear_piece_v6({0, 801, true});
  EXPECT_EQ(icmp6_in(sent_v6()), wire::icmpv6_header::parameter_problem(
                                     wire::icmpv6_parameter_problem::erroneous_field, 4));
}

TEST_F(reassembly, a_packet_cannot_be_longer_than_65535_bytes) {
  hear_piece({65512, 8, false});
  EXPECT_EQ(counters().malformed_fragments, 1U) << "with its header it would be 65,540";
  hear_piece_v6({65528, 8, false});
  EXPECT_EQ(icmp6_in(sent_v6()), wire::icmpv6_header::parameter_problem(
                                     wire::icmpv6_parameter_problem::erroneous_field, 42));
  EXPECT_EQ(host->fragments().size(), 0U);
}

TEST_F(reassembly, the_longest_packet_there_is_can_be_put_together) {
  std::size_t offset = 0;
  for (; offset + 1480 < 65515; offset += 1480) hear_piece({offset, 1480, true});
  hear_piece({offset, 65515 - offset, false});
  expect_whole(65515);
}

TEST_F(reassembly, two_ends_or_bytes_behind_the_end_spoil_the_packet) {
  hear_piece({800, 8, false, 1});
  hear_piece({1600, 8, false, 1});
  hear_piece({800, 8, false, 2});
  hear_piece({1600, 8, true, 2});
  hear_piece({1600, 8, true, 3});
  hear_piece({800, 8, false, 3});
  EXPECT_EQ(counters().malformed_fragments, 3U);
  EXPECT_EQ(host->fragments().bytes(), 0U);
}

TEST_F(reassembly, a_packet_that_is_not_complete_in_time_is_reported_if_its_beginning_is_there) {
  hear_piece({0, 800, true});
  pass(29s);
  EXPECT_EQ(host->fragments().size(), 1U);
  EXPECT_EQ(counters().icmp_errors_sent, 0U);
  (void)sent();
  pass(2s);
  EXPECT_EQ(host->fragments().size(), 0U);
  EXPECT_EQ(counters().reassembly_timeouts, 1U);
  const bytes error = sent_v4();
  EXPECT_EQ(part(payload_of(error), 28), part(content, 0, 576 - 20 - 8 - 20));
  EXPECT_EQ(icmp4_in(error),
            wire::icmpv4_header::time_exceeded(wire::icmpv4_time_exceeded::in_reassembly));
}

TEST_F(reassembly, ipv6_waits_for_a_minute) {
  hear_piece_v6({0, 800, true});
  pass(59s);
  EXPECT_EQ(host->fragments().size(), 1U);
  (void)sent();
  pass(2s);
  EXPECT_EQ(host->fragments().size(), 0U);
  EXPECT_EQ(counters().icmp_errors_sent, 1U);
}

TEST_F(reassembly, the_time_runs_from_the_first_fragment_that_came) {
  hear_piece({0, 800, true});
  pass(20s);
  hear_piece({800, 800, true});
  pass(11s);
  EXPECT_EQ(host->fragments().size(), 0U);
}

TEST_F(reassembly, without_its_beginning_a_packet_ends_in_silence) {
  hear_piece({800, 800, true});
  pass(31s);
  EXPECT_EQ(counters().reassembly_timeouts, 1U);
  EXPECT_EQ(counters().icmp_errors_sent, 0U);
}

TEST_F(reassembly, an_atomic_fragment_is_a_whole_packet_and_does_not_mix_with_others) {
  hear_piece_v6({0, 800, true});
  hear_piece_v6({0, 16, false});  // RFC 6946: the same identification
  ASSERT_EQ(transport.arrivals.size(), 1U);
  EXPECT_EQ(transport.arrivals[0].payload, pattern(16));
  EXPECT_EQ(host->fragments().size(), 1U) << "the other one goes on";
}

TEST_F(reassembly, the_first_fragment_must_have_all_headers) {
  hear_piece_v6({0, 8, true}, ip_protocol::tcp);
  EXPECT_EQ(icmp6_in(sent_v6()), wire::icmpv6_header::parameter_problem(
                                     wire::icmpv6_parameter_problem::incomplete_header_chain, 0));
  EXPECT_EQ(host->fragments().size(), 0U);
}

TEST_F(reassembly, fragments_within_fragments_are_dropped) {
  bytes inner(8);
  wire::ipv6_fragment_header{.next_header = test_protocol, .identification = 7}.emit(inner);
  const bytes payload = inner + pattern(8);
  for (const std::size_t offset : {0U, 8U}) {
    bytes header(8);
    wire::ipv6_fragment_header{.next_header = ip_protocol{44},
                               .offset = static_cast<std::uint16_t>(offset),
                               .more_fragments = offset == 0,
                               .identification = 1}
        .emit(header);
    hear_v6(ipv6(header + part(payload, offset, 8),
                 [](wire::ipv6_header& ip) { ip.next_header = ip_protocol{44}; }));
  }
  expect_nothing();
}

TEST_F(reassembly, congestion_that_one_fragment_met_was_met_by_the_packet) {
  constexpr std::uint8_t capable = 2;
  constexpr std::uint8_t experienced = 3;
  hear_piece({0, 8, true, 1, 0xb8 | capable});
  hear_piece({8, 8, false, 1, 0xb8 | experienced});
  ASSERT_EQ(transport.arrivals.size(), 1U);
  EXPECT_EQ(transport.arrivals[0].traffic_class, 0xb8 | experienced);
  hear_piece_v6({0, 8, true, 1, 0xb8 | experienced});
  hear_piece_v6({8, 8, false, 1, 0xb8 | capable});
  ASSERT_EQ(transport.arrivals.size(), 2U);
  EXPECT_EQ(transport.arrivals[1].traffic_class, 0xb8 | experienced);
}

TEST_F(reassembly, congestion_where_no_router_may_mark_it_spoils_the_packet) {
  hear_piece({0, 8, true, 1, 0});
  hear_piece({8, 8, false, 1, 3});
  expect_nothing();
  EXPECT_EQ(counters().malformed_fragments, 1U);
}

TEST_F(reassembly, of_too_many_fragments_is_given_up) {
  for (std::size_t i = 0; i <= settings.reassembly.most_fragments; ++i)
    hear_piece({i * 16, 8, true});
  EXPECT_EQ(counters().reassembly_full, 1U);
  EXPECT_EQ(host->fragments().bytes(), 0U);
}

TEST_F(reassembly, a_flood_from_one_source_hurts_only_that_source) {
  hear_piece({.offset = 0, .size = 800, .more = true, .source = gateway});
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    hear_piece({800, 8, true, static_cast<std::uint16_t>(i)});
    ASSERT_LE(host->fragments().bytes(), settings.reassembly.most_bytes_per_source + 2048);
  }
  hear_piece({.offset = 800, .size = 8, .more = false, .source = gateway});
  EXPECT_EQ(transport.arrivals.size(), 1U);
}

TEST_F(reassembly, a_flood_from_everywhere_stays_within_its_bounds_and_the_newest_get_through) {
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    const auto byte = [&](int shift) { return static_cast<std::uint8_t>(i >> shift); };
    hear_piece({.offset = 800,
                .size = 8,
                .more = true,
                .source = ip_address::v4(11, byte(16), byte(8), byte(0))});
    ASSERT_LE(host->fragments().bytes(), settings.reassembly.most_bytes);
    ASSERT_LE(host->fragments().size(), settings.reassembly.most_packets);
    if (i % 10'000 == 0) {
      transport.arrivals.clear();
      hear_piece({0, 800, true});
      hear_piece({800, 8, false});
      EXPECT_EQ(transport.arrivals.size(), 1U);
    }
  }
  pass(31s);
  EXPECT_EQ(host->fragments().size(), 0U);
}

}  // namespace
}  // namespace pentad::native::test
