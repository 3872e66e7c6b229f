// What a connection sends and takes (RFC 9293, sections 3.7 to 3.10; RFC 7323).
#include "tests/native/tcp_conversation.hpp"

namespace pentad::native::test {
namespace {

class tcp_data : public tcp_conversation {};

// Taking.

TEST_F(tcp_data, takes_what_is_new_of_a_segment_that_begins_before_the_window) {
  is_connected();
  hears(". 1:101(100) ack 1");
  says(". 1:1(0) ack 101");
  hears(". 51:151(100) ack 1");
  says(". 1:1(0) ack 151");
  reads(150);
}

TEST_F(tcp_data, acknowledges_a_segment_that_is_old_as_a_whole) {
  is_connected();
  hears(". 1:101(100) ack 1");
  says(". 1:1(0) ack 101");
  hears(". 1:101(100) ack 1");
  says(". 1:1(0) ack 101");
  EXPECT_EQ(us->readable(), 100U);
}

TEST_F(tcp_data, takes_what_fits_of_a_segment_that_ends_behind_the_window) {
  settings.receive_buffer = 1000;
  is_connected();
  hears("F. 1:1401(1400) ack 1");
  says(". 1:1(0) ack 1001 win 0");
  reads(1000);
  EXPECT_FALSE(us->at_end()) << "its end was outside of the window";
}

TEST_F(tcp_data, answers_a_segment_outside_the_window_and_takes_none_of_it) {
  settings.receive_buffer = 1000;
  is_connected();
  hears(". 1001:1101(100) ack 1");
  says(". 1:1(0) ack 1");
  hears(". 5001:5101(100) ack 1");
  says(". 1:1(0) ack 1");
  EXPECT_EQ(us->readable(), 0U);
  EXPECT_EQ(host().counters().outside_window, 2U);
}

TEST_F(tcp_data, takes_acknowledgements_while_its_window_is_closed) {
  settings.receive_buffer = 1000;
  is_connected();
  writes(10);
  says(". 1:11(10) ack 1");
  hears(". 1:1001(1000) ack 1");
  says(". 11:11(0) ack 1001 win 0");
  hears(". 1001:1001(0) ack 11");
  EXPECT_EQ(us->send_queue(), 0U);
  hears(". 1001:1002(1) ack 11");
  says(". 11:11(0) ack 1001 win 0");
}

TEST_F(tcp_data, puts_segments_in_order) {
  is_connected();
  hears(". 201:301(100) ack 1");
  says(". 1:1(0) ack 1");
  hears(". 101:201(100) ack 1");
  says(". 1:1(0) ack 1");
  hears(". 151:251(100) ack 1");
  says(". 1:1(0) ack 1");
  EXPECT_EQ(us->readable(), 0U);
  hears(". 1:101(100) ack 1");
  says(". 1:1(0) ack 301");
  reads(300);
}

TEST_F(tcp_data, ignores_a_segment_without_an_acknowledgement) {
  is_connected();
  hears("P 1:11(10)");
  says_nothing();
  EXPECT_EQ(us->readable(), 0U);
  EXPECT_EQ(host().counters().without_ack, 1U);
}

TEST_F(tcp_data, takes_urgent_bytes_like_all_others) {  // RFC 6093, section 3
  is_connected();
  hears("U. 1:11(10) ack 1");
  says(". 1:1(0) ack 11");
  reads(10);
}

// Acknowledging.

TEST_F(tcp_data, acknowledges_at_once_at_first_then_every_second_segment_or_later) {
  settings.quick_acks = 1;
  is_connected();
  hears(". 1:1461(1460) ack 1");
  says(". 1:1(0) ack 1461");
  hears(". 1461:2921(1460) ack 1");
  says_nothing();
  hears(". 2921:4381(1460) ack 1");
  says(". 1:1(0) ack 4381");
  hears(". 4381:5841(1460) ack 1");
  passes(settings.delayed_ack - 1ms);
  says_nothing();
  passes(1ms);
  says(". 1:1(0) ack 5841");
}

TEST_F(tcp_data, acknowledges_with_what_it_sends) {
  settings.quick_acks = 0;
  is_connected();
  hears(". 1:101(100) ack 1");
  says_nothing();
  writes(10);
  says(". 1:11(10) ack 101");
  passes(settings.delayed_ack);
  says_nothing();
}

TEST_F(tcp_data, reports_a_gap_at_once) {  // RFC 5681, section 4.2
  settings.quick_acks = 0;
  is_connected();
  hears(". 101:201(100) ack 1");
  says(". 1:1(0) ack 1");
  hears(". 201:301(100) ack 1");
  says(". 1:1(0) ack 1");
  hears(". 1:101(100) ack 1");
  says(". 1:1(0) ack 301");
}

TEST_F(tcp_data, does_not_acknowledge_acknowledgements) {
  is_connected();
  hears(". 1:1(0) ack 1");
  hears(". 1:1(0) ack 1");
  says_nothing();
}

// Windows.

TEST_F(tcp_data, never_takes_back_what_it_has_offered) {
  settings.receive_buffer = 10'000;
  is_connected();
  hears(". 1:1001(1000) ack 1");
  says(". 1:1(0) ack 1001 win 9000");
  us->set_receive_buffer(2000);
  hears(". 1001:2001(1000) ack 1");
  says(". 1:1(0) ack 2001 win 8000");
}

TEST_F(tcp_data, offers_a_wider_window_when_it_is_worth_a_segment) {
  settings.receive_buffer = 2000;
  is_connected();
  hears(". 1:1001(1000) ack 1");
  says(". 1:1(0) ack 1001 win 1000");
  hears(". 1001:2001(1000) ack 1");
  says(". 1:1(0) ack 2001 win 0");
  reads(500);
  says_nothing();  // a silly window (RFC 9293, section 3.8.6.2.2)
  reads(500);
  says(". 1:1(0) ack 2001 win 1000");
}

TEST_F(tcp_data, sends_no_silly_segments) {  // section 3.8.6.2.1
  is_connected("<mss 1000>", 10'000);
  writes(10'000);
  for (int i = 0; i < 10; ++i) {
    const auto from = std::to_string(i * 1000 + 1);
    const auto to = std::to_string(i * 1000 + 1001);
    says(". " + from + ":" + to + "(1000) ack 1");
  }
  writes(5000);
  hears(". ack 10001 win 100");
  says_nothing();
  hears(". ack 10001 win 999");
  says_nothing();
  hears(". ack 10001 win 1000");
  says(". 10001:11001(1000) ack 1");
}

// Only the timer can end this when the peer says nothing new.
TEST_F(tcp_data, sends_a_silly_segment_in_the_end_though_the_window_is_told_again) {
  is_connected("<mss 1000>", 10'000);
  writes(10'000);
  says_all();
  writes(5000);
  hears(". ack 10001 win 100");
  says_nothing();
  hears(". ack 10001 win 100");
  hears(". ack 10001 win 90");
  says_nothing();
  passes(1s);
  says(". 10001:10091(90) ack 1");
}

TEST_F(tcp_data, sends_into_half_of_the_largest_window) {
  is_connected("<mss 1000>", 600);
  writes(5000);
  says(". 1:601(600) ack 1");
  hears(". ack 601 win 299");
  says_nothing();
  hears(". ack 601 win 300");
  says(". 601:901(300) ack 1");
}

TEST_F(tcp_data, waits_while_the_peer_takes_back_a_part_of_its_window) {
  is_connected("<mss 1000>", 5000);
  writes(10'000);
  for (const char* const each : {". 1:1001(1000)", ". 1001:2001(1000)", ". 2001:3001(1000)",
                                 ". 3001:4001(1000)", ". 4001:5001(1000)"}) {
    says(each);
  }
  hears(". ack 1001 win 1000");  // it had promised up to 5001, now up to 2001
  says_nothing();
  hears(". ack 5001 win 1000");
  says(". 5001:6001(1000) ack 1");
}

// Section 3.8.6.1: for as long as the peer answers, ever less often.
TEST_F(tcp_data, asks_about_a_closed_window) {
  is_connected("<mss 1000>", 1000);
  writes(2000);
  says(". 1:1001(1000) ack 1");
  passes(100ms);
  hears(". ack 1001 win 0");
  duration pause = 300ms;
  for (int i = 0; i < 30; ++i) {
    passes(pause - 1ms);
    says_nothing();
    passes(1ms);
    says(". 1000:1000(0) ack 1");
    hears(". ack 1001 win 0");
    pause = std::min<duration>(2 * pause, 120s);
  }
  EXPECT_EQ(us->error(), 0);
  hears(". ack 1001 win 1000");
  says(". 1001:2001(1000) ack 1");
}

TEST_F(tcp_data, gives_up_a_peer_that_does_not_answer_about_its_closed_window) {
  settings.retries = 3;
  is_connected("<mss 1000>", 1000);
  writes(2000);
  says(". 1:1001(1000) ack 1");
  hears(". ack 1001 win 0");
  passes(1h);
  for (int i = 0; i < 3; ++i) says(". 1000:1000(0) ack 1");
  says("R. 1001:1001(0) ack 1");
  EXPECT_EQ(us->error(), ETIMEDOUT);
}

// tcp(7): even if it answers. The time counts from when the window was closed.
TEST_F(tcp_data, waits_for_a_closed_window_as_long_as_the_user_timeout) {
  is_connected("<mss 1000>", 1000);
  us->set_user_timeout(3s);
  writes(1000);
  says(". 1:1001(1000) ack 1");
  passes(100ms);
  hears(". ack 1001 win 0");
  passes(1h);
  writes(1000);
  passes(300ms);
  says(". 1000:1000(0) ack 1");
  hears(". ack 1001 win 0");
  passes(600ms);
  says(". 1000:1000(0) ack 1");
  hears(". ack 1001 win 0");
  EXPECT_EQ(us->error(), 0);
  passes(1h);
  EXPECT_EQ(us->error(), ETIMEDOUT);
}

TEST_F(tcp_data, sends_what_is_too_little_for_long_when_nothing_else_helps) {
  is_connected("<mss 1000>", 10'000);
  writes(10'000);
  for (int i = 0; i < 10; ++i) says(".");
  writes(1000);
  hears(". ack 10001 win 500");
  says_nothing();
  passes(1s);
  says(". 10001:10501(500) ack 1");
}

// Sending.

TEST_F(tcp_data, begins_with_ten_segments) {  // RFC 6928
  is_connected("<mss 1000>");
  writes(20'000);
  for (int i = 0; i < 10; ++i) says(".");
  says_nothing();
}

TEST_F(tcp_data, holds_a_small_segment_back_while_another_is_in_flight) {  // Nagle, section 3.7.4
  is_connected("<mss 1000>");
  us->set_no_delay(false);
  writes(10);
  says(". 1:11(10) ack 1");
  writes(10);
  says_nothing();
  writes(1000);
  says(". 11:1011(1000) ack 1");
  says_nothing();
  hears(". ack 1011");
  says(". 1011:1021(10) ack 1");
}

// Minshall's modification, which Linux has.
TEST_F(tcp_data, holds_no_small_segment_back_while_only_full_ones_are_in_flight) {
  is_connected("<mss 1000>");
  us->set_no_delay(false);
  writes(1010);
  says(". 1:1001(1000) ack 1");
  says(". 1001:1011(10) ack 1");
  writes(10);
  says_nothing();
}

TEST_F(tcp_data, holds_nothing_back_when_the_end_was_announced) {
  is_connected("<mss 1000>");
  us->set_no_delay(false);
  writes(10);
  says(". 1:11(10) ack 1");
  writes(10);
  us->shutdown_send();
  says("F. 11:21(10) ack 1");
}

TEST_F(tcp_data, holds_nothing_back_without_delay) {
  is_connected("<mss 1000>");
  us->set_no_delay(true);
  writes(10);
  writes(10);
  says(". 1:11(10) ack 1");
  says(". 11:21(10) ack 1");
}

// RFC 5961, section 5.2.
TEST_F(tcp_data, asks_about_an_acknowledgement_of_what_was_not_sent) {
  is_connected();
  hears(". 1:11(10) ack 2");
  says(". 1:1(0) ack 1");
  EXPECT_EQ(us->readable(), 0U);
  EXPECT_EQ(host().counters().unacceptable_acks, 1U);
}

TEST_F(tcp_data, asks_about_an_acknowledgement_that_is_far_too_old) {
  is_connected("<mss 1000>", 1000);
  for (std::uint32_t at = 1; at < 100'000; at += 1000) {
    writes(1000);
    says(".");
    hears(". ack " + std::to_string(at + 1000));
  }
  hears(". 1:11(10) ack 100");
  says(". 100001:100001(0) ack 1");
  EXPECT_EQ(us->readable(), 0U);
}

// RFC 1191, section 6.4: what is in flight goes out again in smaller pieces.
TEST_F(tcp_data, sends_smaller_segments_after_a_router_has_said_so) {
  is_connected();
  writes(2000);
  says(". 1:1461(1460) ack 1");
  says(". 1461:2001(540) ack 1");
  hears_icmp(path_error::kind::too_big, 1, 1000);
  says(". 1:961(960) ack 1");
  says(". 961:1921(960) ack 1");
  says(". 1921:2001(80) ack 1");
  EXPECT_EQ(us->segment_size(), 960U);
  EXPECT_EQ(mtu, 1000U) << "new connections know it, too";
}

// RFC 5927, section 7.2.
TEST_F(tcp_data, does_not_believe_a_router_that_has_not_seen_what_is_in_flight) {
  is_connected();
  writes(100);
  says(". 1:101(100) ack 1");
  hears(". ack 101");
  hears_icmp(path_error::kind::too_big, 1, 1000);
  hears_icmp(path_error::kind::too_big, 101, 1000);
  EXPECT_EQ(us->segment_size(), 1460U);
  EXPECT_EQ(mtu, 1500U);
}

TEST_F(tcp_data, does_not_believe_a_router_that_says_more) {
  is_connected();
  writes(100);
  says(". 1:101(100) ack 1");
  hears_icmp(path_error::kind::too_big, 1, 9000);
  says_nothing();
  EXPECT_EQ(us->segment_size(), 1460U);
}

}  // namespace
}  // namespace pentad::native::test
