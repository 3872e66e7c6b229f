// Timestamps (RFC 7323): what they are for, and what they must not do.
#include "tests/native/tcp_conversation.hpp"

namespace pentad::native::test {
namespace {

class tcp_timestamps : public tcp_conversation {
 protected:
  tcp_timestamps() { settings.timestamps = true; }
};

TEST_F(tcp_timestamps, are_echoed_and_make_segments_smaller) {
  is_connected("<mss 1460,TS val 100 ecr 0>");
  EXPECT_EQ(us->segment_size(), 1448U);
  hears(". 1:11(10) ack 1 <TS val 200 ecr 0>");
  EXPECT_EQ(says_with_timestamps(". 1:1(0) ack 11").echo_reply, 200U);
}

// Section 4.3: of several segments the one that the acknowledgement waited for.
TEST_F(tcp_timestamps, echo_the_segment_that_the_acknowledgement_waited_for) {
  settings.quick_acks = 0;
  is_connected("<mss 1000,TS val 100 ecr 0>");
  hears(". 1:11(10) ack 1 <TS val 200 ecr 0>");
  hears(". 11:21(10) ack 1 <TS val 300 ecr 0>");
  passes(settings.delayed_ack);
  EXPECT_EQ(says_with_timestamps(". 1:1(0) ack 21").echo_reply, 200U);
}

TEST_F(tcp_timestamps, do_not_echo_a_segment_behind_a_gap) {
  is_connected("<mss 1000,TS val 100 ecr 0>");
  hears(". 11:21(10) ack 1 <TS val 300 ecr 0>");
  EXPECT_EQ(says_with_timestamps(". 1:1(0) ack 1").echo_reply, 100U);
}

TEST_F(tcp_timestamps, protect_against_old_segments) {  // section 5
  is_connected("<mss 1460,TS val 100 ecr 0>");
  hears(". 1:11(10) ack 1 <TS val 99 ecr 0>");
  says(". 1:1(0) ack 1");
  EXPECT_EQ(us->readable(), 0U);
  EXPECT_EQ(host().counters().old_timestamps, 1U);
  hears(". 1:11(10) ack 1 <TS val 100 ecr 0>");
  says(". 1:1(0) ack 11");
  reads(10);
}

TEST_F(tcp_timestamps, let_a_reset_pass_whatever_its_time) {
  is_connected("<mss 1460,TS val 100 ecr 0>");
  hears("R. 1:1(0) ack 1 <TS val 1 ecr 0>");
  EXPECT_EQ(us->error(), ECONNRESET);
}

TEST_F(tcp_timestamps, go_with_a_reset) {  // section 3.2
  is_connected("<mss 1460,TS val 100 ecr 0>");
  hears(". 1:11(10) ack 1 <TS val 200 ecr 0>");
  const std::uint32_t before = says_with_timestamps(". 1:1(0) ack 11").value;
  passes(1s);
  closes();
  const wire::tcp_timestamps told = says_with_timestamps("R. 1:1(0) ack 11");
  EXPECT_EQ(told.value - before, 1000U);
  EXPECT_EQ(told.echo_reply, 200U);
}

TEST_F(tcp_timestamps, may_be_missing_later) {  // as Linux takes it: middleboxes drop options
  is_connected("<mss 1460,TS val 100 ecr 0>");
  hears(". 1:11(10) ack 1");
  says(". 1:1(0) ack 11");
  reads(10);
}

TEST_F(tcp_timestamps, are_forgotten_after_24_days) {  // section 5.5
  is_connected("<mss 1460,TS val 3000000000 ecr 0>");
  passes(24h * 25);
  hears(". 1:11(10) ack 1 <TS val 5 ecr 0>");
  says(". 1:1(0) ack 11");
  reads(10);
}

TEST_F(tcp_timestamps, let_a_newer_time_follow_in_the_last_wait) {  // RFC 6191
  is_accepted("<mss 1460,TS val 100 ecr 0>");
  closes();
  says("F. 1:1(0) ack 1");
  hears("F. 1:1(0) ack 2 <TS val 200 ecr 0>");
  says(". 2:2(0) ack 2");
  hears("S 0:0(0) <mss 1460,TS val 199 ecr 0>");
  says(". 2:2(0) ack 2");
  hears("S 0:0(0) <mss 1460,TS val 201 ecr 0>");
  says("S. 0:0(0) ack 1");
}

}  // namespace
}  // namespace pentad::native::test
