// How connections end (RFC 9293, sections 3.6 and 3.10; RFC 5961).
#include "tests/native/tcp_conversation.hpp"

namespace pentad::native::test {
namespace {

class tcp_close : public tcp_conversation {};

TEST_F(tcp_close, is_orderly_from_our_end) {
  is_connected();
  us->shutdown_send();
  says("F. 1:1(0) ack 1");
  EXPECT_EQ(us->state(), tcp_state::fin_wait_1);
  hears(". 1:1(0) ack 2");
  EXPECT_EQ(us->state(), tcp_state::fin_wait_2);
  hears("F. 1:1(0) ack 2");
  says(". 2:2(0) ack 2");
  EXPECT_TRUE(us->at_end());
  EXPECT_EQ(us->error(), 0);
  closes();
  EXPECT_EQ(connections(), 1U) << "in TIME-WAIT";
  passes(settings.time_wait);
  EXPECT_EQ(connections(), 0U);
  says_nothing();
}

TEST_F(tcp_close, is_orderly_from_the_peers_end) {
  is_connected();
  hears("F. 1:1(0) ack 1");
  says(". 1:1(0) ack 2");
  EXPECT_EQ(us->state(), tcp_state::close_wait);
  EXPECT_TRUE(us->at_end());
  closes();
  says("F. 1:1(0) ack 2");
  hears(". 2:2(0) ack 2");
  EXPECT_EQ(connections(), 0U);
}

TEST_F(tcp_close, goes_on_receiving_after_our_end) {
  is_connected();
  us->shutdown_send();
  says("F. 1:1(0) ack 1");
  hears(". 1:1(0) ack 2");
  hears(". 1:101(100) ack 2");
  says(". 2:2(0) ack 101");
  reads(100);
  EXPECT_FALSE(us->at_end());
}

TEST_F(tcp_close, goes_on_sending_after_the_peers_end) {
  is_connected();
  hears("F. 1:1(0) ack 1");
  says(". 1:1(0) ack 2");
  writes(100);
  says(". 1:101(100) ack 2");
  hears(". 2:2(0) ack 101");
  closes();
  says("F. 101:101(0) ack 2");
}

TEST_F(tcp_close, puts_the_end_behind_what_was_written) {
  is_connected("<mss 1000>");
  writes(1500);
  says(". 1:1001(1000) ack 1");
  says(". 1001:1501(500) ack 1");
  writes(100);
  us->shutdown_send();
  says(". 1501:1601(100) ack 1");
  says("F. 1601:1601(0) ack 1");
}

TEST_F(tcp_close, sends_the_end_when_the_window_lets_the_rest_go) {
  is_connected("<mss 1000>", 1000);
  writes(1500);
  us->shutdown_send();
  says(". 1:1001(1000) ack 1");
  says_nothing();
  hears(". ack 1001 win 1000");
  says("F. 1001:1501(500) ack 1");
}

TEST_F(tcp_close, repeats_its_last_byte_with_the_end) {
  is_connected();
  writes(1);
  us->shutdown_send();
  says(". 1:2(1) ack 1");
  says("F. 2:2(0) ack 1");
  passes(300ms);
  says("F. 1:2(1) ack 1");
  hears(". ack 3");
  EXPECT_EQ(us->state(), tcp_state::fin_wait_2);
}

TEST_F(tcp_close, repeats_an_end_that_stands_alone) {
  is_connected();
  us->shutdown_send();
  says("F. 1:1(0) ack 1");
  passes(300ms);
  says("F. 1:1(0) ack 1");
}

// Section 3.6, figure 13.
TEST_F(tcp_close, ends_from_both_ends_at_once) {
  is_connected();
  closes();
  says("F. 1:1(0) ack 1");
  hears("F. 1:1(0) ack 1");
  says(". 2:2(0) ack 2");
  hears(". 2:2(0) ack 2");
  EXPECT_EQ(connections(), 1U);
  passes(settings.time_wait);
  EXPECT_EQ(connections(), 0U);
}

TEST_F(tcp_close, ends_from_both_ends_when_the_end_acknowledges_ours) {
  is_connected();
  closes();
  says("F. 1:1(0) ack 1");
  hears("F. 1:1(0) ack 2");
  says(". 2:2(0) ack 2");
  passes(settings.time_wait);
  EXPECT_EQ(connections(), 0U);
}

TEST_F(tcp_close, takes_an_end_that_races_with_data) {
  is_connected();
  writes(100);
  says(". 1:101(100) ack 1");
  hears("F. 1:51(50) ack 1");
  says(". 101:101(0) ack 52");
  hears(". ack 101");
  reads(50);
  EXPECT_TRUE(us->at_end());
  closes();
  says("F. 101:101(0) ack 52");
}

TEST_F(tcp_close, takes_an_end_that_comes_before_what_is_before_it) {
  is_connected();
  hears("F. 101:201(100) ack 1");
  says(". 1:1(0) ack 1");
  EXPECT_FALSE(us->at_end());
  hears(". 1:101(100) ack 1");
  says(". 1:1(0) ack 202");
  reads(200);
  EXPECT_TRUE(us->at_end());
  EXPECT_EQ(us->state(), tcp_state::close_wait);
}

TEST_F(tcp_close, answers_a_repeated_end) {
  is_connected();
  hears("F. 1:1(0) ack 1");
  says(". 1:1(0) ack 2");
  hears("F. 1:1(0) ack 1");
  says(". 1:1(0) ack 2");
  EXPECT_EQ(us->state(), tcp_state::close_wait);
}

TEST_F(tcp_close, ignores_data_behind_the_end) {
  is_connected();
  hears("F. 1:1(0) ack 1");
  says(". 1:1(0) ack 2");
  hears(". 2:12(10) ack 1");
  EXPECT_EQ(us->readable(), 0U);
}

TEST_F(tcp_close, reads_what_had_arrived_before_the_end) {
  is_connected();
  hears("F. 1:101(100) ack 1");
  says(". 1:1(0) ack 102");
  EXPECT_FALSE(us->at_end());
  reads(100);
  EXPECT_TRUE(us->at_end());
}

// RFC 2525, section 2.17: bytes that nobody will read are lost, and the peer must know.
TEST_F(tcp_close, resets_if_there_are_unread_bytes) {
  is_connected();
  hears(". 1:11(10) ack 1");
  says(". 1:1(0) ack 11");
  closes();
  says("R. 1:1(0) ack 11");
  EXPECT_EQ(connections(), 0U);
}

TEST_F(tcp_close, resets_the_sender_of_bytes_that_nobody_will_read) {
  is_connected();
  closes();
  says("F. 1:1(0) ack 1");
  hears(". 1:1(0) ack 2");
  hears(". 1:11(10) ack 2");
  says("R. 2:2(0)");
  EXPECT_EQ(connections(), 0U);
}

TEST_F(tcp_close, acknowledges_and_forgets_what_comes_after_reading_was_shut_down) {
  is_connected();
  us->shutdown_receive();
  hears(". 1:101(100) ack 1");
  says(". 1:1(0) ack 101");
  EXPECT_EQ(us->readable(), 0U);
  EXPECT_TRUE(us->at_end());
  writes(10);
  says(". 1:11(10) ack 101");
}

TEST_F(tcp_close, aborts_with_a_reset) {
  is_connected();
  writes(10);
  says(". 1:11(10) ack 1");
  aborts();
  says("R. 11:11(0) ack 1");
  EXPECT_EQ(connections(), 0U);
}

TEST_F(tcp_close, aborts_after_the_peers_end) {
  is_connected();
  hears("F. 1:1(0) ack 1");
  says(". 1:1(0) ack 2");
  aborts();
  says("R. 1:1(0) ack 2");
}

TEST_F(tcp_close, aborts_after_our_end) {
  is_connected();
  us->shutdown_send();
  says("F. 1:1(0) ack 1");
  hears(". 1:1(0) ack 2");
  aborts();
  says("R. 2:2(0) ack 1");
}

TEST_F(tcp_close, aborts_a_connection_that_opens_from_both_ends) {
  connects();
  says("S 0:0(0)");
  hears("S 0:0(0) <mss 1460>");
  says("S. 0:0(0) ack 1");
  aborts();
  says("R. 1:1(0) ack 1");
}

// RFC 5961, section 3.2.
TEST_F(tcp_close, is_reset_by_the_very_next_number) {
  is_connected();
  hears("R 1:1(0)");
  EXPECT_EQ(us->error(), ECONNRESET);
  EXPECT_EQ(us->state(), tcp_state::closed);
  says_nothing();
}

TEST_F(tcp_close, asks_about_a_reset_elsewhere_in_the_window) {
  is_connected();
  hears("R 2:2(0)");
  says(". 1:1(0) ack 1");
  EXPECT_EQ(us->state(), tcp_state::established);
  EXPECT_EQ(host().counters().blind_resets, 1U);
}

TEST_F(tcp_close, ignores_a_reset_outside_the_window) {
  is_connected();
  hears("R 1000001:1000001(0)");
  hears("R 0:0(0)");
  says_nothing();
  EXPECT_EQ(us->state(), tcp_state::established);
}

// RFC 5961, section 4.2.
TEST_F(tcp_close, asks_about_a_syn) {
  is_connected();
  hears("S 1:1(0) <mss 1460>");
  says(". 1:1(0) ack 1");
  hears("S 500:500(0) <mss 1460>");
  says(". 1:1(0) ack 1");
  EXPECT_EQ(us->state(), tcp_state::established);
}

// RFC 5961, section 7. How often exactly is nobody's business.
TEST_F(tcp_close, asks_only_so_often) {
  settings.challenge_acks_per_second = 4;
  is_connected();
  for (int i = 0; i < 10; ++i) hears("R 2:2(0)");
  const std::uint64_t asked = host().counters().challenge_acks;
  EXPECT_GE(asked, 2U);
  EXPECT_LE(asked, 6U);
  for (std::uint64_t i = 0; i < asked; ++i) says(". 1:1(0) ack 1");
  says_nothing();
  EXPECT_EQ(host().counters().challenges_limited, 10 - asked);
  passes(1s);
  hears("R 2:2(0)");
  says(". 1:1(0) ack 1");
}

TEST_F(tcp_close, asks_each_peer_once_in_half_a_second) {
  settings.invalid_interval = 500ms;
  is_connected();
  hears("R 2:2(0)");
  says(". 1:1(0) ack 1");
  hears("S 500:500(0) <mss 1460>");
  hears(". 100000:100000(0) ack 1");
  says_nothing();
  hears(". 100000:100010(10) ack 1");  // data is in answer to nothing
  says(". 1:1(0) ack 1");
  passes(500ms);
  hears("R 2:2(0)");
  says(". 1:1(0) ack 1");
}

TEST_F(tcp_close, keeps_what_had_arrived_before_a_reset) {
  is_connected();
  hears(". 1:11(10) ack 1");
  says(". 1:1(0) ack 11");
  hears("R 11:11(0)");
  EXPECT_EQ(us->error(), ECONNRESET);
  reads(10);
}

TEST_F(tcp_close, is_a_broken_pipe_if_the_peer_had_ended_before_it_resets) {
  is_connected();
  hears("F. 1:1(0) ack 1");
  says(". 1:1(0) ack 2");
  hears("R 2:2(0)");
  EXPECT_EQ(us->error(), EPIPE);
}

// Without a program the peer may not keep a half-closed connection for ever; what comes later finds
// nobody.
TEST_F(tcp_close, does_not_wait_for_the_peers_end_for_ever) {
  is_connected();
  closes();
  says("F. 1:1(0) ack 1");
  hears(". 1:1(0) ack 2");
  passes(settings.fin_wait_2 - 1s);
  EXPECT_EQ(connections(), 1U);
  passes(1s);
  EXPECT_EQ(connections(), 0U);
  hears("F. 1:1(0) ack 2");
  says("R 2:2(0)");
}

TEST_F(tcp_close, waits_for_the_peers_end_as_long_as_a_program_does) {
  is_connected();
  us->shutdown_send();
  says("F. 1:1(0) ack 1");
  hears(". 1:1(0) ack 2");
  passes(24h);
  EXPECT_EQ(us->state(), tcp_state::fin_wait_2);
}

TEST_F(tcp_close, answers_an_old_segment_while_it_waits_for_the_last_acknowledgement) {
  is_connected();
  hears("F. 1:1(0) ack 1");
  says(". 1:1(0) ack 2");
  closes();
  says("F. 1:1(0) ack 2");
  hears("F. 1:1(0) ack 1");
  says(". 2:2(0) ack 2");
  hears(". 2:2(0) ack 1");
  says_nothing();
  EXPECT_EQ(connections(), 1U);
  hears(". 2:2(0) ack 2");
  EXPECT_EQ(connections(), 0U);
}

// A listener that goes takes with it what nobody has accepted.
TEST_F(tcp_close, resets_what_waits_at_a_listener_that_closes) {
  listens();
  hears("S 0:0(0) <mss 1460>", 1001);
  says("S. 0:0(0) ack 1", 1001);
  hears(". 1:1(0) ack 1", 1001);
  hears("S 0:0(0) <mss 1460>", 1002);
  says("S. 0:0(0) ack 1", 1002);
  std::exchange(listening, nullptr)->close();
  says("R. 1:1(0) ack 1", 1001);
  says_nothing();
  EXPECT_EQ(connections(), 0U);
  hears(". 1:1(0) ack 1", 1002);
  says("R 1:1(0)", 1002);
}

}  // namespace
}  // namespace pentad::native::test
