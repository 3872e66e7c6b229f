// Explicit congestion notification (RFC 3168, section 6.1).
#include "tests/native/tcp_conversation.hpp"

namespace pentad::native::test {
namespace {

class tcp_ecn : public tcp_conversation {
 protected:
  tcp_ecn() {
    settings.ecn = ecn_use::always;
    settings.congestion = congestion_algorithm::new_reno;
  }

  void is_connected_with_ecn() {
    connects();
    says("SEW 0:0(0)");
    passes(100ms);
    hears("SE. 0:0(0) ack 1 <mss 1000,sackOK>");
    says("[noecn] . 1:1(0) ack 1");
  }
};

TEST_F(tcp_ecn, is_asked_for_and_agreed_to) {
  is_connected_with_ecn();
  writes(1000);
  says("[ect0] . 1:1001(1000) ack 1");
}

TEST_F(tcp_ecn, is_not_used_if_the_peer_does_not_agree) {
  connects();
  says("[noecn] SEW 0:0(0)");
  hears("S. 0:0(0) ack 1 <mss 1000>");
  says(". 1:1(0) ack 1");
  writes(1000);
  says("[noecn] . 1:1001(1000) ack 1");
}

TEST_F(tcp_ecn, is_not_used_if_the_peer_only_reflects_what_was_asked) {  // section 6.1.1
  connects();
  says("SEW 0:0(0)");
  hears("SEW. 0:0(0) ack 1 <mss 1000>");
  says(". 1:1(0) ack 1");
  writes(1000);
  says("[noecn] . 1:1001(1000) ack 1");
}

TEST_F(tcp_ecn, is_not_asked_for_again_where_it_seems_to_get_lost) {  // section 6.1.1.1
  connects();
  says("SEW 0:0(0)");
  passes(1s);
  says("SEW 0:0(0)");
  passes(2s);
  says("S 0:0(0)");
}

TEST_F(tcp_ecn, is_agreed_to_when_asked) {
  settings.ecn = ecn_use::when_asked;
  listens();
  hears("SEW 0:0(0) <mss 1000>");
  says("[noecn] SE. 0:0(0) ack 1");
  hears(". 1:1(0) ack 1");
  accepts();
  writes(1000);
  says("[ect0] . 1:1001(1000) ack 1");
}

TEST_F(tcp_ecn, is_not_agreed_to_when_switched_off) {
  settings.ecn = ecn_use::never;
  listens();
  hears("SEW 0:0(0) <mss 1000>");
  says("S. 0:0(0) ack 1");
}

// Section 6.1.3: the receiver.

TEST_F(tcp_ecn, echoes_a_mark_until_the_sender_has_slowed_down) {
  is_connected_with_ecn();
  hears("[ce] . 1:1001(1000) ack 1");
  says("E. 1:1(0) ack 1001");
  hears("[ect0] . 1001:2001(1000) ack 1");
  says("E. 1:1(0) ack 2001");
  hears("[ect0] W. 2001:3001(1000) ack 1");
  says(". 1:1(0) ack 3001");
  reads(3000);
}

// Section 6.1.2: the sender.

TEST_F(tcp_ecn, halves_the_window_once_a_round_trip_and_says_so) {
  is_connected_with_ecn();
  writes(30'000);
  for (int i = 0; i < 10; ++i) says("[ect0] .");
  passes(100ms);
  hears("E. ack 1001");
  EXPECT_EQ(us->congestion().window(), 5000U);
  hears("E. ack 2001");
  EXPECT_EQ(us->congestion().window(), 5000U);
  for (int i = 3; i <= 6; ++i) hears("E. ack " + std::to_string(i * 1000 + 1));
  says("[ect0] W. 10001:11001(1000)");
  hears(". ack 10001");
  says("[ect0] . 11001:12001(1000)");
  EXPECT_EQ(us->retransmits(), 0U);
}

TEST_F(tcp_ecn, does_not_let_routers_mark_what_is_sent_again) {  // section 6.1.5
  is_connected_with_ecn();
  writes(1000);
  says("[ect0] . 1:1001(1000)");
  passes(300ms);
  says("[noecn] . 1:1001(1000)");
}

TEST_F(tcp_ecn, believes_no_echo_without_an_agreement) {
  settings.ecn = ecn_use::never;
  is_connected("<mss 1000>");
  writes(30'000);
  const std::uint32_t before = us->congestion().window();
  hears("E. ack 1001");
  EXPECT_GE(us->congestion().window(), before);
}

}  // namespace
}  // namespace pentad::native::test
