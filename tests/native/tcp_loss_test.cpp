// What a connection does about loss (RFC 6298, RFC 5681, RFC 6582, RFC 6937) if the peer has no
// SACK, with a round trip of 100 ms.
#include "tests/native/tcp_conversation.hpp"

namespace pentad::native::test {
namespace {

class tcp_loss : public tcp_conversation {
 protected:
  tcp_loss() { settings.congestion = congestion_algorithm::new_reno; }

  /// Ten segments of 1,000 bytes are in flight, of 100 that were written.
  void has_ten_in_flight() {
    is_connected("<mss 1000>");
    writes(100'000);
    for (int i = 0; i < 10; ++i) says(".");
    says_nothing();
  }

  /// Three duplicates have come: the first of the ten has gone again, behind two new segments that
  /// limited transmit lets go (RFC 3042).
  void is_in_recovery() {
    has_ten_in_flight();
    hears(". ack 1");
    says(". 10001:11001(1000) ack 1");
    hears(". ack 1");
    says(". 11001:12001(1000) ack 1");
    says_nothing();
    hears(". ack 1");
    says(". 1:1001(1000) ack 1");
    says_nothing();
  }
};

// RFC 6298.

TEST_F(tcp_loss, sends_again_after_a_timeout_that_doubles) {
  is_connected();
  writes(100);
  says(". 1:101(100) ack 1");
  // The handshake took 100 ms: 100 + max(200, 4 * 50) is 300.
  for (const duration timeout : {300ms, 600ms, 1200ms, 2400ms}) {
    passes(timeout - 1ms);
    says_nothing();
    passes(1ms);
    says(". 1:101(100) ack 1");
  }
  EXPECT_EQ(us->retransmits(), 4U);
}

TEST_F(tcp_loss, waits_at_most_two_minutes) {
  is_connected();
  writes(100);
  passes(154s);
  for (int i = 0; i < 10; ++i) says(".");  // at once, then 300 ms later, up to 76.8 s later
  for (int i = 0; i < 3; ++i) {
    says_nothing();
    passes(120s);
    says(".");
  }
}

TEST_F(tcp_loss, forgets_the_doubling_when_something_new_is_acknowledged) {
  is_connected();
  writes(100);
  says(".");
  passes(300ms);
  says(".");
  passes(600ms);
  says(".");
  hears(". ack 101");
  writes(100);
  says(". 101:201(100) ack 1");
  passes(300ms);
  says(". 101:201(100) ack 1");
}

TEST_F(tcp_loss, measures_no_round_trip_on_what_was_sent_twice) {  // Karn
  is_connected();
  const duration before = us->timeout().smoothed();
  writes(100);
  says(".");
  passes(300ms);
  says(".");
  passes(1ms);
  hears(". ack 101");
  EXPECT_EQ(us->timeout().smoothed(), before);
}

TEST_F(tcp_loss, measures_the_round_trip) {
  is_connected();
  EXPECT_EQ(us->timeout().smoothed(), 100ms);
  writes(100);
  says(".");
  passes(180ms);
  hears(". ack 101");
  EXPECT_EQ(us->timeout().smoothed(), 110ms);
}

TEST_F(tcp_loss, starts_the_timer_again_when_a_part_is_acknowledged) {  // (5.3)
  is_connected("<mss 1000>");
  writes(2000);
  says(".");
  says(".");
  passes(200ms);
  hears(". ack 1001");
  passes(299ms);
  says_nothing();
}

TEST_F(tcp_loss, stops_the_timer_when_all_is_acknowledged) {  // (5.2)
  is_connected();
  writes(100);
  says(".");
  hears(". ack 101");
  passes(1h);
  says_nothing();
}

// RFC 5681, section 3.1: from one segment on, and half of what was in flight is the threshold.
TEST_F(tcp_loss, starts_slowly_after_a_timeout) {
  has_ten_in_flight();
  passes(300ms);
  says(". 1:1001(1000) ack 1");
  says_nothing();
  EXPECT_EQ(us->congestion().window(), 1000U);
  EXPECT_EQ(us->congestion().threshold(), 5000U);
  hears(". ack 1001");
  EXPECT_EQ(us->congestion().window(), 2000U);
  for (int i = 0; i < 2; ++i) says(".");  // what they are, RFC 5682 says
  says_nothing();
}

TEST_F(tcp_loss, lowers_the_threshold_once_for_one_loss) {
  has_ten_in_flight();
  passes(300ms);
  says(".");
  passes(600ms);
  says(".");
  EXPECT_EQ(us->congestion().threshold(), 5000U);
}

// RFC 5681, section 3.2.

TEST_F(tcp_loss, sends_again_at_the_third_duplicate) {
  is_in_recovery();
  EXPECT_TRUE(us->in_recovery());
  EXPECT_EQ(us->congestion().threshold(), 5000U);
}

// RFC 6937: one for every two that arrive, for the window is to be halved.
TEST_F(tcp_loss, sends_half_of_what_leaves_the_network_in_recovery) {
  is_in_recovery();
  for (int i = 0; i < 2; ++i) hears(". ack 1");
  says_nothing();
  hears(". ack 1");
  says(". 12001:13001(1000) ack 1");
  hears(". ack 1");
  says_nothing();
}

TEST_F(tcp_loss, ends_recovery_when_all_of_it_is_acknowledged) {
  is_in_recovery();
  hears(". ack 12001");
  EXPECT_FALSE(us->in_recovery());
  EXPECT_EQ(us->congestion().window(), 5000U);
}

// RFC 6582, section 3.2, step 3.
TEST_F(tcp_loss, fills_the_next_hole_at_a_partial_acknowledgement) {
  is_in_recovery();
  hears(". ack 4001");
  says(". 4001:5001(1000) ack 1");
  EXPECT_TRUE(us->in_recovery());
  hears(". ack 12001");
  EXPECT_FALSE(us->in_recovery());
}

TEST_F(tcp_loss, takes_duplicates_after_a_timeout_for_what_they_are) {  // section 4.1
  has_ten_in_flight();
  passes(300ms);
  says(". 1:1001(1000) ack 1");
  for (int i = 0; i < 5; ++i) hears(". ack 1");
  says_nothing();
  EXPECT_FALSE(us->in_recovery());
}

TEST_F(tcp_loss, times_out_in_recovery_and_starts_again_from_the_first_hole) {
  is_in_recovery();
  passes(300ms);
  says(". 1:1001(1000) ack 1");
  EXPECT_FALSE(us->in_recovery());
  EXPECT_EQ(us->congestion().window(), 1000U);
}

// RFC 5681, section 2: what a duplicate is.

TEST_F(tcp_loss, takes_no_window_update_for_a_duplicate) {
  has_ten_in_flight();
  for (const char* const window :
       {". ack 1 win 60000", ". ack 1 win 61000", ". ack 1 win 62000", ". ack 1 win 63000"}) {
    hears(window);
  }
  says_nothing();
}

TEST_F(tcp_loss, takes_no_segment_with_data_for_a_duplicate) {
  has_ten_in_flight();
  for (int i = 0; i < 2; ++i) {
    hears(". ack 1");
    says(".");
  }
  hears(". 1:11(10) ack 1");
  says(". 12001:12001(0) ack 11");
  says_nothing();
  hears(". ack 1");
  says(". 1:1001(1000) ack 11");
}

TEST_F(tcp_loss, takes_nothing_for_a_duplicate_while_nothing_is_in_flight) {
  is_connected();
  for (int i = 0; i < 5; ++i) hears(". ack 1");
  says_nothing();
  EXPECT_FALSE(us->in_recovery());
}

// RFC 5681, section 3.1.

TEST_F(tcp_loss, doubles_its_window_each_round_trip_at_first) {
  has_ten_in_flight();
  for (int i = 1; i <= 10; ++i) hears(". ack " + std::to_string(i * 1000 + 1));
  EXPECT_EQ(us->congestion().window(), 20'000U);
}

TEST_F(tcp_loss, widens_its_window_by_a_segment_each_round_trip_later) {
  has_ten_in_flight();
  for (int i = 0; i < 3; ++i) hears(". ack 1");
  hears(". ack 12001");
  std::uint32_t acknowledged = 12'001;
  const auto next_is_acknowledged = [&] {
    acknowledged += 1000;
    hears(". ack " + std::to_string(acknowledged));
  };
  const congestion_control& congestion = us->congestion();
  while (congestion.in_slow_start()) next_is_acknowledged();
  const std::uint32_t window = congestion.window();
  for (std::uint32_t i = 1; i < window / 1000; ++i) next_is_acknowledged();
  EXPECT_EQ(congestion.window(), window);
  next_is_acknowledged();
  EXPECT_EQ(congestion.window(), window + 1000);
}

TEST_F(tcp_loss, does_not_widen_a_window_that_it_does_not_use) {  // RFC 7661, section 4
  is_connected("<mss 1000>");
  for (std::uint32_t i = 1; i <= 30; ++i) {
    writes(100);
    says(".");
    hears(". ack " + std::to_string(i * 100 + 1));
  }
  EXPECT_EQ(us->congestion().window(), 10'000U);
}

// RFC 5681, section 4.1: what was learned about the network is old after a silence.
TEST_F(tcp_loss, begins_again_with_ten_segments_after_a_silence) {
  is_connected("<mss 1000>");
  std::uint32_t acknowledged = 1;
  while (us->congestion().window() < 20'000) {
    writes(20'000);
    while (us->send_queue() != 0) {
      acknowledged += 1000;
      hears(". ack " + std::to_string(acknowledged));
      says(".");
    }
  }
  says_nothing();
  passes(10s);
  writes(20'000);
  for (int i = 0; i < 10; ++i) says(".");
  says_nothing();
}

}  // namespace
}  // namespace pentad::native::test
