// Reductions of the window for a loss that was none, and how they are undone: F-RTO (RFC 5682),
// timestamps (RFC 3522) and duplicates (RFC 3708). The round trip is 100 ms.
#include "tests/native/tcp_conversation.hpp"

namespace pentad::native::test {
namespace {

class tcp_spurious : public tcp_conversation {
 protected:
  tcp_spurious() { settings.congestion = congestion_algorithm::new_reno; }

  /// Ten segments of 1,000 bytes were in flight, of 100, when the timer expired.
  void has_timed_out() {
    is_connected("<mss 1000>");
    writes(100'000);
    for (int i = 0; i < 10; ++i) says(".");
    passes(300ms);
    says(". 1:1001(1000) ack 1");
    says_nothing();
    EXPECT_EQ(us->congestion().window(), 1000U);
  }
  void has_in_flight_with_sack() {
    is_connected("<mss 1000,sackOK>");
    writes(100'000);
    for (int i = 0; i < 10; ++i) says(".");
    passes(100ms);
  }
};

// RFC 5682, section 2.1.

TEST_F(tcp_spurious, timeout_sends_something_new_at_the_first_acknowledgement) {  // step 2b
  has_timed_out();
  hears(". ack 1001");
  says(". 10001:11001(1000) ack 1");
  says(". 11001:12001(1000) ack 1");
  says_nothing();
}

TEST_F(tcp_spurious, timeout_is_undone_when_first_copies_arrive) {  // step 3b
  has_timed_out();
  hears(". ack 1001");
  for (int i = 0; i < 2; ++i) says(".");
  hears(". ack 2001");
  EXPECT_EQ(host().counters().undone, 1U);
  EXPECT_GE(us->congestion().window(), 10'000U);
  EXPECT_EQ(us->retransmits(), 1U);
  for (const segment_text& each : says_all()) EXPECT_GE(*each.first, 12'001U);
}

TEST_F(tcp_spurious, timeout_is_real_when_a_duplicate_comes) {  // step 3a
  has_timed_out();
  hears(". ack 1001");
  for (int i = 0; i < 2; ++i) says(".");
  hears(". ack 1001");
  says(". 1001:2001(1000) ack 1");
  EXPECT_EQ(host().counters().undone, 0U);
}

TEST_F(tcp_spurious, timeout_is_real_when_the_first_acknowledgement_is_a_duplicate) {  // step 2a
  has_timed_out();
  hears(". ack 1");
  hears(". ack 1001");
  says(". 1001:2001(1000) ack 1");
}

TEST_F(tcp_spurious, timeout_sends_again_if_there_is_nothing_new) {
  is_connected("<mss 1000>");
  writes(5000);
  for (int i = 0; i < 5; ++i) says(".");
  passes(300ms);
  says(". 1:1001(1000) ack 1");
  hears(". ack 1001");
  says(". 1001:2001(1000) ack 1");
  says(". 2001:3001(1000) ack 1");
}

TEST_F(tcp_spurious, timeout_is_real_when_all_comes_after_the_hole_was_filled) {
  has_timed_out();
  hears(". ack 10001");
  EXPECT_EQ(host().counters().undone, 0U);
}

// RFC 3522: by timestamps at once.

TEST_F(tcp_spurious, timeout_is_undone_when_the_first_copy_is_echoed) {
  settings.timestamps = true;
  is_connected("<mss 1012,TS val 100 ecr 0>");
  writes(100'000);
  const wire::tcp_timestamps first = says_with_timestamps(".");
  for (int i = 1; i < 10; ++i) says(".");
  passes(2s);
  says_all();
  EXPECT_EQ(us->congestion().window(), 1000U);
  hears(". ack 1001 <TS val 101 ecr " + std::to_string(first.value) + ">");
  EXPECT_EQ(host().counters().undone, 1U);
  EXPECT_GE(us->congestion().window(), 10'000U);
}

// RFC 3708: when all that was sent again is said to have come twice.

TEST_F(tcp_spurious, recovery_is_undone_when_all_of_it_came_twice) {
  has_in_flight_with_sack();
  hears(". ack 1 <sack 3001:6001>");
  for (int i = 0; i < 20 && us->retransmits() < 1; ++i) passes(10ms);
  says_all();
  EXPECT_TRUE(us->in_recovery());
  EXPECT_EQ(us->retransmits(), 1U);
  hears(". ack 6001 <sack 1:1001>");
  EXPECT_EQ(host().counters().undone, 1U);
  EXPECT_FALSE(us->in_recovery());
  EXPECT_GE(us->congestion().window(), 10'000U);
}

}  // namespace
}  // namespace pentad::native::test
