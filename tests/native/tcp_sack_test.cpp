// Selective acknowledgements: RFC 2018, and RFC 2883 for what comes twice; what the sender makes of
// them is RFC 6675's, in numbers of bytes. The round trip is 100 ms.
#include "tests/native/tcp_conversation.hpp"

namespace pentad::native::test {
namespace {

class tcp_sack : public tcp_conversation {
 protected:
  tcp_sack() { settings.congestion = congestion_algorithm::new_reno; }

  /// Ten segments of 1,000 bytes are in flight, of 100 that were written.
  void has_ten_in_flight() {
    is_connected("<mss 1000,sackOK>");
    writes(100'000);
    for (int i = 0; i < 10; ++i) says(".");
    says_nothing();
    passes(100ms);
  }
};

// Negotiation (RFC 2018, section 2).

TEST_F(tcp_sack, is_offered_and_accepted) {
  connects();
  says("S 0:0(0) <mss 1460,sackOK,wscale 3>");
}

TEST_F(tcp_sack, is_agreed_to_when_offered) {
  listens();
  hears("S 0:0(0) <mss 1460,sackOK>");
  says("S. 0:0(0) ack 1 <mss 1460,sackOK>");
}

TEST_F(tcp_sack, is_not_agreed_to_when_not_offered) {
  listens();
  hears("S 0:0(0) <mss 1460>");
  says("S. 0:0(0) ack 1 <mss 1460>");
}

TEST_F(tcp_sack, can_be_switched_off) {
  settings.sack = false;
  listens();
  hears("S 0:0(0) <mss 1460,sackOK>");
  says("S. 0:0(0) ack 1 <mss 1460>");
}

TEST_F(tcp_sack, is_not_used_with_a_peer_that_has_not_agreed) {
  is_connected("<mss 1000>");
  hears(". 1001:2001(1000) ack 1");
  says(". 1:1(0) ack 1 <>");
}

// What a receiver tells (RFC 2018, section 4).

TEST_F(tcp_sack, tells_of_what_is_out_of_order_newest_first) {
  is_connected("<mss 1000,sackOK>");
  hears(". 1001:2001(1000) ack 1");
  says(". ack 1 <sack 1001:2001>");
  hears(". 3001:4001(1000) ack 1");
  says(". ack 1 <sack 3001:4001 1001:2001>");
  hears(". 5001:6001(1000) ack 1");
  says(". ack 1 <sack 5001:6001 3001:4001 1001:2001>");
  hears(". 7001:8001(1000) ack 1");
  says(". ack 1 <sack 7001:8001 5001:6001 3001:4001 1001:2001>");
  hears(". 9001:10001(1000) ack 1");
  says(". ack 1 <sack 9001:10001 7001:8001 5001:6001 3001:4001>");
}

TEST_F(tcp_sack, tells_of_one_block_when_a_gap_between_two_is_filled) {
  is_connected("<mss 1000,sackOK>");
  hears(". 1001:2001(1000) ack 1");
  says(". ack 1");
  hears(". 3001:4001(1000) ack 1");
  says(". ack 1");
  hears(". 2001:3001(1000) ack 1");
  says(". ack 1 <sack 1001:4001>");
  hears(". 1:1001(1000) ack 1");
  says(". ack 4001 <>");
  reads(4000);
}

TEST_F(tcp_sack, keeps_telling_of_what_remains_out_of_order) {
  is_connected("<mss 1000,sackOK>");
  hears(". 1001:2001(1000) ack 1");
  says(". ack 1");
  hears(". 3001:4001(1000) ack 1");
  says(". ack 1");
  hears(". 1:1001(1000) ack 1");
  says(". ack 2001 <sack 3001:4001>");
  reads(2000);
}

TEST_F(tcp_sack, has_room_for_three_blocks_beside_timestamps) {
  settings.timestamps = true;
  is_connected("<mss 1000,sackOK,TS val 100 ecr 0>");
  for (const char* const each :
       {". 1001:2001(1000) ack 1 <TS val 101 ecr 0>", ". 3001:4001(1000) ack 1 <TS val 101 ecr 0>",
        ". 5001:6001(1000) ack 1 <TS val 101 ecr 0>"}) {
    hears(each);
    says(". ack 1");
  }
  hears(". 7001:8001(1000) ack 1 <TS val 101 ecr 0>");
  const segment_text last = says_what();
  ASSERT_EQ(last.options->sack.size(), 3U);
  EXPECT_EQ(last.options->sack[0].begin.number(), 7001U);
  EXPECT_EQ(last.options->sack[2].begin.number(), 3001U);
}

TEST_F(tcp_sack, leaves_room_for_blocks_in_segments_with_data) {  // RFC 6691
  is_connected("<mss 1000,sackOK>");
  hears(". 1001:2001(1000) ack 1");
  says(". ack 1");
  writes(2000);
  says(". 1:989(988) ack 1 <sack 1001:2001>");
  says(". 989:1977(988) ack 1 <sack 1001:2001>");
  says(". 1977:2001(24) ack 1 <sack 1001:2001>");
}

// RFC 2883.

TEST_F(tcp_sack, tells_of_what_has_come_twice) {
  is_connected("<mss 1000,sackOK>");
  hears(". 1:1001(1000) ack 1");
  says(". ack 1001 <>");
  hears(". 1:1001(1000) ack 1");
  says(". ack 1001 <sack 1:1001>");
  hears(". 2001:3001(1000) ack 1");
  says(". ack 1001 <sack 2001:3001>");  // it is told of once
  reads(1000);
}

TEST_F(tcp_sack, tells_of_what_has_come_twice_in_part) {
  is_connected("<mss 1000,sackOK>");
  hears(". 1:1001(1000) ack 1");
  says(". ack 1001");
  hears(". 501:1501(1000) ack 1");
  says(". ack 1501 <sack 501:1001>");
  reads(1500);
}

TEST_F(tcp_sack, tells_of_what_has_come_twice_out_of_order) {  // section 4, example 4.1.3
  is_connected("<mss 1000,sackOK>");
  hears(". 2001:4001(2000) ack 1");
  says(". ack 1 <sack 2001:4001>");
  hears(". 3001:4001(1000) ack 1");
  says(". ack 1 <sack 3001:4001 2001:4001>");
}

// What a sender makes of it (RFC 6675).

TEST_F(tcp_sack, sends_again_what_is_missing_and_nothing_else) {
  has_ten_in_flight();
  hears(". ack 1 <sack 1001:3001>");
  says(". 10001:11001(1000) ack 1");  // limited transmit: RFC 3042
  says(". 11001:12001(1000) ack 1");
  hears(". ack 1 <sack 1001:3001 4001:5001>");
  says(". 1:1001(1000) ack 1");
  EXPECT_TRUE(us->in_recovery());
  EXPECT_EQ(us->congestion().threshold(), 5000U);
  hears(". ack 1 <sack 1001:3001 4001:10001>");
  says(". 3001:4001(1000) ack 1");
  hears(". ack 12001");
  EXPECT_FALSE(us->in_recovery());
  EXPECT_EQ(us->congestion().window(), 5000U);
  EXPECT_EQ(us->retransmits(), 2U);
}

TEST_F(tcp_sack, repairs_several_losses_in_one_round_trip) {
  has_ten_in_flight();
  hears(". ack 1 <sack 1001:2001>");
  says(". 10001:11001(1000)");
  hears(". ack 1 <sack 1001:2001 3001:4001>");
  says(". 11001:12001(1000)");
  passes(1ms);
  hears(". ack 1 <sack 1001:2001 3001:4001 5001:6001>");
  says(". 1:1001(1000)");
  passes(1ms);
  hears(". ack 1 <sack 1001:2001 3001:4001 5001:6001 7001:10001>");
  says(". 2001:3001(1000)");
  says(". 4001:5001(1000)");
  hears(". ack 1 <sack 1001:2001 3001:4001 5001:6001 7001:12001>");
  says(". 6001:7001(1000)");
}

TEST_F(tcp_sack, hears_of_blocks_in_an_acknowledgement_that_others_have_overtaken) {
  has_ten_in_flight();
  hears(". ack 1 <sack 1001:4001>");
  says(". 1:1001(1000)");
  passes(10ms);
  hears(". ack 1 <sack 1001:4001 6001:8001>");
  const std::uint32_t held = us->in_flight_state()->board.sacked();
  hears(". ack 4001 <sack 6001:8001>");
  EXPECT_EQ(us->in_flight_state()->board.sacked(), held - 3000);
  hears(". ack 1001 <sack 8001:9001>");
  EXPECT_EQ(us->in_flight_state()->board.sacked(), held - 2000);
}

TEST_F(tcp_sack, survives_a_peer_that_drops_what_it_said_it_has) {  // RFC 2018, section 8
  has_ten_in_flight();
  hears(". ack 1 <sack 1001:10001>");
  for (int i = 0; i < 2; ++i) says(".");  // 1:1001 and something new
  hears(". ack 1001");
  passes(10s);
  bool again = false;
  for (const segment_text& each : says_all()) again |= each.first == 1001 && each.size == 1000;
  EXPECT_TRUE(again);
}

TEST_F(tcp_sack, believes_no_block_outside_of_what_is_in_flight) {
  has_ten_in_flight();
  for (const char* const block :
       {". ack 1 <sack 20001:30001>", ". ack 1 <sack 5001:4001>", ". ack 1 <sack 9001:30001>",
        ". ack 1 <sack 5001:5001>", ". ack 1 <sack 2147483649:2147493649>"}) {
    hears(block);
    says_nothing();
  }
  EXPECT_FALSE(us->in_recovery());
}

TEST_F(tcp_sack, waits_a_quarter_of_a_round_trip_for_what_may_only_be_late) {  // RFC 8985
  has_ten_in_flight();
  hears(". ack 1 <sack 1001:2001>");
  says(". 10001:11001(1000)");
  passes(24ms);
  says_nothing();
  passes(2ms);
  says(". 1:1001(1000)");
}

}  // namespace
}  // namespace pentad::native::test
