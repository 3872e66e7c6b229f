// What is left of a connection for a minute (RFC 9293, section 3.6.1; RFC 1337; RFC 6191).
#include "tests/native/tcp_conversation.hpp"

namespace pentad::native::test {
namespace {

class tcp_time_wait : public tcp_conversation {
 protected:
  /// Our end was announced and acknowledged, then the peer's.
  void is_in_time_wait() {
    is_connected();
    closes();
    says("F. 1:1(0) ack 1");
    hears(". 1:1(0) ack 2");
    hears("F. 1:1(0) ack 2");
    says(". 2:2(0) ack 2");
  }
};

TEST_F(tcp_time_wait, starts_again_at_a_repeated_end) {
  is_in_time_wait();
  passes(59s);
  hears("F. 1:1(0) ack 2");
  says(". 2:2(0) ack 2");
  passes(59s);
  EXPECT_EQ(connections(), 1U);
  passes(1s);
  EXPECT_EQ(connections(), 0U);
}

// RFC 1337.
TEST_F(tcp_time_wait, is_not_cut_short_by_a_reset) {
  is_in_time_wait();
  hears("R 2:2(0)");
  EXPECT_EQ(connections(), 1U);
  says_nothing();
}

TEST_F(tcp_time_wait, is_not_prolonged_by_other_segments) {
  is_in_time_wait();
  passes(59s);
  hears(". 2:2(0) ack 2");
  hears(". 500:510(10) ack 2");
  says(". 2:2(0) ack 2");
  passes(1s);
  EXPECT_EQ(connections(), 0U);
}

// RFC 9293, section 3.10.7.4, first, and RFC 6191.
TEST_F(tcp_time_wait, lets_a_new_connection_follow) {
  is_in_time_wait();
  listens();
  hears("S 1000:1000(0) <mss 1460>");
  says("S. 0:0(0) ack 1001");
  EXPECT_EQ(connections(), 1U);
}

TEST_F(tcp_time_wait, takes_no_old_syn_for_a_new_connection) {
  is_in_time_wait();
  listens();
  hears("S 0:0(0) <mss 1460>");
  says(". 2:2(0) ack 2");
  EXPECT_EQ(connections(), 1U);
}

class tcp_time_wait_with_timestamps : public tcp_conversation {
 protected:
  tcp_time_wait_with_timestamps() { settings.timestamps = true; }

  /// The last time that the peer has told is 100, its last number 1.
  void is_in_time_wait() {
    listens();
    hears("S 0:0(0) <mss 1460,TS val 100 ecr 0>");
    const wire::tcp_timestamps times = says_with_timestamps("S. 0:0(0) ack 1");
    const std::string option = "<TS val 100 ecr " + std::to_string(times.value) + ">";
    hears(". 1:1(0) ack 1 " + option);
    accepts();
    closes();
    says("F. 1:1(0) ack 1");
    hears("F. 1:1(0) ack 2 " + option);
    says(". 2:2(0) ack 2");
  }
};

TEST_F(tcp_time_wait_with_timestamps, lets_a_later_one_follow_whatever_its_number) {
  is_in_time_wait();
  hears("S 0:0(0) <mss 1460,TS val 101 ecr 0>");
  says("S. 0:0(0) ack 1");
}

TEST_F(tcp_time_wait_with_timestamps, lets_one_of_the_same_time_follow_with_a_new_number) {
  is_in_time_wait();
  hears("S 2:2(0) <mss 1460,TS val 100 ecr 0>");
  says(". 2:2(0) ack 2");
  hears("S 1000:1000(0) <mss 1460,TS val 100 ecr 0>");
  says("S. 0:0(0) ack 1001");
}

TEST_F(tcp_time_wait_with_timestamps, takes_nothing_of_before_for_new_whatever_its_number) {
  is_in_time_wait();
  hears("S 1000:1000(0) <mss 1460,TS val 99 ecr 0>");
  says(". 2:2(0) ack 2");
  hears("S 1000:1000(0) <mss 1460>");
  says("S. 0:0(0) ack 1001");
}

TEST_F(tcp_time_wait_with_timestamps, lets_one_follow_that_had_none) {
  listens();
  hears("S 0:0(0) <mss 1460>");
  says("S. 0:0(0) ack 1");
  hears(". 1:1(0) ack 1");
  accepts();
  closes();
  says("F. 1:1(0) ack 1");
  hears("F. 1:1(0) ack 2");
  says(". 2:2(0) ack 2");
  hears("S 0:0(0) <mss 1460,TS val 1 ecr 0>");
  says("S. 0:0(0) ack 1");
}

TEST_F(tcp_time_wait, lets_a_new_connection_of_ours_follow) {
  is_in_time_wait();
  connects();
  says("S 0:0(0)");
  hears("S. 1000:1000(0) ack 1 <mss 1460>");
  says(". 1:1(0) ack 1001");
}

}  // namespace
}  // namespace pentad::native::test
