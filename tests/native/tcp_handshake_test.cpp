// How connections begin (RFC 9293, sections 3.5 and 3.10), and how that goes wrong.
#include <array>
#include <set>

#include "tests/native/tcp_conversation.hpp"

namespace pentad::native::test {
namespace {

class tcp_handshake : public tcp_conversation {};

constexpr std::uint16_t first = 1001;
constexpr std::uint16_t second = 1002;
constexpr std::uint16_t third = 1003;
constexpr std::array ports{first, second, third};

TEST_F(tcp_handshake, takes_three_segments) {
  connects();
  says("S 0:0(0) win 65535 <mss 1460,sackOK,wscale 3>");
  EXPECT_FALSE(us->is_connected());
  hears("S. 0:0(0) ack 1 win 5000 <mss 1000,wscale 7>");
  says(". 1:1(0) ack 1");
  says_nothing();
  EXPECT_EQ(us->state(), tcp_state::established);
  EXPECT_EQ(us->segment_size(), 1000U);
}

TEST_F(tcp_handshake, is_answered_by_a_listener) {
  listens();
  hears("S 0:0(0) win 5000 <mss 1000,wscale 7>");
  says("S. 0:0(0) ack 1 win 65535 <mss 1460,wscale 3>");
  EXPECT_EQ(listening->accept(), nullptr) << "before the peer has answered";
  hears(". 1:1(0) ack 1 win 100");
  accepts();
  says_nothing();
  EXPECT_EQ(us->state(), tcp_state::established);
  EXPECT_EQ(us->tuple.remote, endpoint(peer_address, peer_port));
}

TEST_F(tcp_handshake, agrees_on_timestamps_only_if_both_have_them) {
  settings.timestamps = true;
  connects();
  says("S 0:0(0)");
  hears("S. 0:0(0) ack 1 <mss 1460>");
  says(". 1:1(0) ack 1 <>");
  EXPECT_EQ(us->segment_size(), 1460U);
}

TEST_F(tcp_handshake, leaves_windows_unscaled_if_the_peer_does_not_scale) {
  is_connected("<mss 1460>", 2920);
  writes(10'000);
  says(". 1:1461(1460) ack 1 win 65535");
  says(". 1461:2921(1460) ack 1 win 65535");
  says_nothing();
}

TEST_F(tcp_handshake, scales_windows_if_both_scale) {
  is_connected("<mss 1460,wscale 2>", 1000);
  // The window of a SYN is never scaled, that of what follows is.
  writes(10'000);
  says(". 1:1001(1000) ack 1");
  hears(". ack 1001 win 730");  // 2920
  says(". 1001:2461(1460) ack 1");
  says(". 2461:3921(1460) ack 1");
  says_nothing();
}

TEST_F(tcp_handshake, opens_from_both_ends_at_once) {
  connects();
  says("S 0:0(0)");
  hears("S 0:0(0) win 5000 <mss 1460>");
  says("S. 0:0(0) ack 1");
  EXPECT_FALSE(us->is_connected());
  hears("S. 0:0(0) ack 1 <mss 1460>");
  EXPECT_EQ(us->state(), tcp_state::established);
  says(". 1:1(0) ack 1");
  hears(". 1:11(10) ack 1");
  reads(10);
}

TEST_F(tcp_handshake, opens_from_both_ends_when_a_plain_acknowledgement_comes) {
  connects();
  says("S 0:0(0)");
  hears("S 0:0(0) win 5000 <mss 1460>");
  says("S. 0:0(0) ack 1");
  hears(". 1:1(0) ack 1");
  EXPECT_EQ(us->state(), tcp_state::established);
}

// Section 3.10.7.3, first.
TEST_F(tcp_handshake, resets_an_acknowledgement_of_what_was_not_sent) {
  connects();
  says("S 0:0(0)");
  hears("S. 0:0(0) ack 2");
  says("R 2:2(0)");
  hears("S. 0:0(0) ack 0");
  says("R 0:0(0)");
  hears(". 0:0(0) ack 77");
  says("R 77:77(0)");
  EXPECT_EQ(us->state(), tcp_state::syn_sent);
  hears("R. 0:0(0) ack 2");
  says_nothing();
  EXPECT_EQ(us->state(), tcp_state::syn_sent);
}

TEST_F(tcp_handshake, is_refused_by_a_reset_that_acknowledges_the_syn) {
  connects();
  says("S 0:0(0)");
  hears("R 0:0(0)");
  EXPECT_EQ(us->state(), tcp_state::syn_sent) << "nobody who has seen the SYN says so";
  hears("R. 0:0(0) ack 1");
  EXPECT_EQ(us->state(), tcp_state::closed);
  EXPECT_EQ(us->error(), ECONNREFUSED);
  says_nothing();
}

TEST_F(tcp_handshake, repeats_its_syn_ever_less_often_and_gives_up) {
  connects();
  says("S 0:0(0)");
  duration pause = 1s;
  for (unsigned i = 0; i < settings.syn_retries; ++i) {
    passes(pause - 1ms);
    says_nothing();
    passes(1ms);
    says("S 0:0(0)");
    pause *= 2;
  }
  passes(pause);
  says_nothing();
  EXPECT_EQ(us->error(), ETIMEDOUT);
}

TEST_F(tcp_handshake, repeats_the_answer_to_a_syn_and_forgets_it_in_the_end) {
  listens();
  hears("S 0:0(0) <mss 1460>");
  says("S. 0:0(0) ack 1");
  duration pause = 1s;
  for (unsigned i = 0; i < settings.syn_ack_retries; ++i) {
    passes(pause);
    says("S. 0:0(0) ack 1");
    pause *= 2;
  }
  EXPECT_EQ(connections(), 1U);
  passes(pause);
  says_nothing();
  EXPECT_EQ(connections(), 0U);
}

TEST_F(tcp_handshake, answers_a_repeated_syn_again) {
  listens();
  hears("S 0:0(0) <mss 1460>");
  says("S. 0:0(0) ack 1");
  hears("S 0:0(0) <mss 1460>");
  says("S. 0:0(0) ack 1");
  EXPECT_EQ(connections(), 1U);
}

// Section 3.10.7.4, second, in SYN-RECEIVED.
TEST_F(tcp_handshake, goes_back_to_listening_after_a_reset) {
  listens();
  hears("S 0:0(0) <mss 1460>");
  says("S. 0:0(0) ack 1");
  hears("R 1:1(0)");
  says_nothing();
  EXPECT_EQ(connections(), 0U);
  hears("S 0:0(0) <mss 1460>");
  says("S. 0:0(0) ack 1");
}

TEST_F(tcp_handshake, is_not_ended_by_a_reset_that_does_not_know_its_number) {
  listens();
  hears("S 0:0(0) <mss 1460>");
  says("S. 0:0(0) ack 1");
  hears("R 5:5(0)");
  EXPECT_EQ(connections(), 1U);
  hears(". 1:1(0) ack 1");
  accepts();
}

TEST_F(tcp_handshake, resets_a_wrong_acknowledgement_of_its_answer) {
  listens();
  hears("S 0:0(0) <mss 1460>");
  says("S. 0:0(0) ack 1");
  hears(". 1:1(0) ack 9");
  says("R 9:9(0)");
  EXPECT_EQ(connections(), 1U);
}

TEST_F(tcp_handshake, asks_about_a_number_outside_the_window_of_its_answer) {
  listens();
  hears("S 0:0(0) <mss 1460>");
  says("S. 0:0(0) ack 1");
  hears(". 100001:100001(0) ack 1");
  says(". 1:1(0) ack 1");
  EXPECT_EQ(listening->accept(), nullptr);
  EXPECT_EQ(host().counters().outside_window, 1U);
}

TEST_F(tcp_handshake, takes_data_and_the_end_with_the_last_segment) {
  listens();
  hears("S 0:0(0) <mss 1460>");
  says("S. 0:0(0) ack 1");
  hears("F. 1:11(10) ack 1");
  accepts();
  says(". 1:1(0) ack 12");
  reads(10);
  EXPECT_TRUE(us->at_end());
}

TEST_F(tcp_handshake, takes_data_that_comes_with_the_answer) {
  connects();
  says("S 0:0(0)");
  hears("S. 0:0(0) ack 1 <mss 1460>");
  says(". 1:1(0) ack 1");
  hears("F. 1:101(100) ack 1");
  says(". 1:1(0) ack 102");
  reads(100);
  EXPECT_TRUE(us->at_end());
}

// Section 3.10.7.2.
TEST_F(tcp_handshake, begins_with_nothing_but_a_syn) {
  listens();
  hears(". 5:5(0) ack 3");
  says("R 3:3(0)");
  hears("S. 0:0(0) ack 3");
  says("R 3:3(0)");
  hears("R 0:0(0)");
  hears("F 5:5(0)");
  says_nothing();
  EXPECT_EQ(connections(), 0U);
}

// Section 3.10.7.1.
TEST_F(tcp_handshake, is_refused_where_nobody_listens) {
  host();
  hears("S 0:0(0) <mss 1460>");
  says("R. ack 1");
  hears("F. 10:15(5) ack 77");
  says("R 77:77(0)");
  hears("F 10:15(5)");
  says("R. ack 16");
  hears("R 0:0(0)");
  says_nothing();
}

// Section 3.9.2.3: nobody can answer there, or many would.
TEST_F(tcp_handshake, ignores_syns_from_nowhere_and_from_groups) {
  listens();
  for (const ip_address& source : {ip_address::any(ip_version::v4), ip_address::v4(224, 0, 0, 1)}) {
    from_address = source;
    hears("S 0:0(0) <mss 1460>");
  }
  says_nothing();
  EXPECT_EQ(connections(), 0U);
  EXPECT_EQ(host().counters().not_unicast, 2U);
}

// As Linux: dropped, so that the peer tries again, not refused.
TEST_F(tcp_handshake, drops_syns_while_nobody_accepts) {
  listens(1);
  for (const std::uint16_t from : {first, second}) {
    hears("S 0:0(0) <mss 1460>", from);
    says("S. 0:0(0) ack 1", from);
    hears(". 1:1(0) ack 1", from);
  }
  hears("S 0:0(0) <mss 1460>", third);
  says_nothing();
  EXPECT_EQ(host().counters().accept_queue_full, 1U);
  accepts();
  aborts();
  says("R. 1:1(0)", first);
  hears("S 0:0(0) <mss 1460>", third);
  says("S. 0:0(0) ack 1", third);
}

// The last acknowledgement that finds no room is as good as lost: the answer goes out again.
TEST_F(tcp_handshake, ends_late_if_the_queue_was_full_at_its_last_segment) {
  listens(1);
  for (const std::uint16_t from : ports) hears("S 0:0(0) <mss 1460>", from);
  for (const std::uint16_t from : ports) says("S. 0:0(0) ack 1", from);
  for (const std::uint16_t from : ports) hears(". 1:1(0) ack 1", from);
  accepts();
  EXPECT_EQ(us->tuple.remote.port, first);
  passes(1s);
  says("S. 0:0(0) ack 1", third);
  hears(". 1:1(0) ack 1", third);
  us->release(true);
  accepts();
  EXPECT_EQ(us->tuple.remote.port, second);
  us->release(true);
  accepts();
  EXPECT_EQ(us->tuple.remote.port, third);
  passes(0s);
  says("R. 1:1(0)", first);
  says("R. 1:1(0)", second);
}

TEST_F(tcp_handshake, keeps_a_bound_of_half_open_connections) {
  settings.most_half_open = 3;
  settings.syn_cookies = false;
  listens();
  for (std::uint16_t from = 1; from <= 4; ++from) hears("S 0:0(0) <mss 1460>", from);
  EXPECT_EQ(connections(), 3U);
  EXPECT_EQ(host().counters().half_open_full, 1U);
  for (std::uint16_t from = 1; from <= 3; ++from) says("S. 0:0(0) ack 1", from);
  says_nothing();
}

// A segment must hold more than its headers, whatever the peer says.
class tcp_handshake_with_a_tiny_segment_size : public tcp_conversation,
                                               public testing::WithParamInterface<const char*> {};

TEST_P(tcp_handshake_with_a_tiny_segment_size, clamps_it) {
  is_connected(GetParam());
  writes(60);
  says(". 1:49(48) ack 1");
  says(". 49:61(12) ack 1");
}

INSTANTIATE_TEST_SUITE_P(each, tcp_handshake_with_a_tiny_segment_size,
                         testing::Values("<mss 0>", "<mss 1>", "<mss 47>"));

TEST_F(tcp_handshake, assumes_536_bytes_without_the_option) {
  is_connected("<>");
  EXPECT_EQ(us->segment_size(), 536U);
}

// RFC 9293, section 3.9.2.2, and RFC 5927, section 5.2: an error of the path is hard for a
// connection that is being made, soft for one that was made.
TEST_F(tcp_handshake, fails_by_an_icmp_error) {
  connects();
  says("S 0:0(0)");
  hears_icmp(path_error::kind::port_unreachable, 7);
  EXPECT_EQ(us->state(), tcp_state::syn_sent) << "the router cannot have seen that number";
  hears_icmp(path_error::kind::port_unreachable, 0);
  EXPECT_EQ(us->error(), ECONNREFUSED);
}

TEST_F(tcp_handshake, outlives_an_icmp_error_once_it_is_made) {
  is_connected();
  writes(100);
  says(". 1:101(100) ack 1");
  hears_icmp(path_error::kind::host_unreachable, 1);
  EXPECT_EQ(us->state(), tcp_state::established);
  EXPECT_EQ(us->error(), 0);
}

// RFC 6056: chosen that listeners hold are not chosen.
TEST_F(tcp_handshake, chooses_a_port_that_is_not_held) {
  settings.first_ephemeral_port = 40000;
  settings.last_ephemeral_port = 40002;
  const auto held = host().bind(endpoint(our_address, 40001), false, false);
  ASSERT_TRUE(held);
  std::set<std::uint16_t> chosen;
  std::vector<connection*> made;
  const endpoint remote(peer_address, peer_port);
  for (int i = 0; i < 2; ++i) {
    made.push_back(*host().connect(endpoint(our_address, 0), remote, now));
    chosen.insert(made.back()->tuple.local.port);
  }
  EXPECT_EQ(chosen, (std::set<std::uint16_t>{40000, 40002}));
  const auto none = host().connect(endpoint(our_address, 0), remote, now);
  EXPECT_EQ(none.error(), std::errc::address_not_available);
  for (connection* each : made) each->release(true);
}

TEST_F(tcp_handshake, is_not_begun_twice_between_the_same_ends) {
  connects();
  says("S 0:0(0)");
  const auto again =
      host().connect(endpoint(our_address, our_port), endpoint(peer_address, peer_port), now);
  EXPECT_EQ(again.error(), std::errc::address_in_use);
}

TEST_F(tcp_handshake, is_given_up_by_its_program_without_a_word) {
  connects();
  says("S 0:0(0)");
  closes();
  says_nothing();
  EXPECT_EQ(connections(), 0U);
  hears("S. 0:0(0) ack 1 <mss 1460>");
  says("R 1:1(0)");
}

// RFC 6298, section 5.7: after a lost SYN the first timeout is 3 seconds.
TEST_F(tcp_handshake, waits_longer_at_first_if_its_syn_was_lost) {
  connects();
  says("S 0:0(0)");
  passes(1s);
  says("S 0:0(0)");
  hears("S. 0:0(0) ack 1 <mss 1460>");
  says(". 1:1(0) ack 1");
  writes(100);
  says(". 1:101(100) ack 1");
  passes(2999ms);
  says_nothing();
  passes(1ms);
  says(". 1:101(100) ack 1");
}

}  // namespace
}  // namespace pentad::native::test
