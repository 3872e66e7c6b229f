// SYN cookies (RFC 4987, section 3.6): a listener without room remembers nothing of a SYN, and who
// answers gets a connection all the same.
#include "pentad/stack/native/core/tcp/syn_cookies.hpp"
#include "tests/native/tcp_conversation.hpp"

namespace pentad::native::test {
namespace {

constexpr std::uint16_t stranger = 1;

class tcp_cookies : public tcp_conversation {
 protected:
  tcp_cookies() { settings.most_half_open = 1; }

  /// A stranger's SYN takes the only place.
  void listens_without_room(unsigned backlog = 16) {
    listens(backlog);
    hears("S 0:0(0) <mss 1460>", stranger);
    says("S. 0:0(0) ack 1", stranger);
  }

  const tcp_counters& counters() { return host().counters(); }
};

TEST_F(tcp_cookies, make_a_connection_of_an_answer) {
  listens_without_room();
  hears("S 0:0(0) <mss 1460,sackOK,wscale 7>");
  says("S. 0:0(0) ack 1 win 65535 <mss 1460>");
  EXPECT_EQ(connections(), 1U);
  hears(". 1:1(0) ack 1 win 1000");
  accepts();
  EXPECT_EQ(us->segment_size(), 1460U);
  hears("P. 1:101(100) ack 1");
  says(". 1:1(0) ack 101");
  reads(100);
  writes(1000);
  says("P. 1:1001(1000) ack 101");
  EXPECT_EQ(us->congestion().window(), 14600U);
  EXPECT_EQ(counters().cookies_sent, 1U);
  EXPECT_EQ(counters().cookies_accepted, 1U);
}

TEST_F(tcp_cookies, take_what_comes_with_an_answer) {
  listens_without_room();
  hears("S 0:0(0) <mss 1460>");
  says("S. 0:0(0) ack 1");
  hears("P. 1:101(100) ack 1");
  accepts();
  says(". 1:1(0) ack 101");
  reads(100);
}

TEST_F(tcp_cookies, round_the_segment_size_down) {
  listens_without_room();
  hears("S 0:0(0) <mss 1400>");
  says("S. 0:0(0) ack 1");
  hears(". 1:1(0) ack 1");
  accepts();
  EXPECT_EQ(us->segment_size(), 1300U);
}

TEST_F(tcp_cookies, carry_options_in_timestamps) {
  settings.timestamps = true;
  listens_without_room();
  hears("SEW 0:0(0) <mss 1460,sackOK,TS val 100 ecr 0,wscale 7>");
  const std::uint32_t time = says_with_timestamps("SE. 0:0(0) ack 1").value;
  now += 10ms;
  hears(". 1:1(0) ack 1 win 10 <TS val 110 ecr " + std::to_string(time) + ">");
  accepts();
  writes(2000);  // more than the 10 bytes that the window would be without its scale
  const segment_text data = says_what();
  EXPECT_EQ(data.size, 1280U);
  EXPECT_EQ(data.mark, wire::ip_ecn::capable_0);
  EXPECT_EQ(data.options->timestamps->echo_reply, 110U);
  EXPECT_GT(data.options->timestamps->value, time);
  hears("P. 101:201(100) ack 1 <TS val 120 ecr " + std::to_string(time) + ">");
  EXPECT_EQ(says_what().options->sack.size(), 1U);
}

TEST_F(tcp_cookies, are_not_guessed) {
  listens_without_room();
  hears("S 0:0(0) <mss 1460>");
  says("S. 0:0(0) ack 1");
  hears(". 1:1(0) ack 2");
  says("R 2:2(0)");
  hears(". 2:2(0) ack 1");
  says("R 1:1(0)");
  EXPECT_EQ(counters().cookies_refused, 2U);
  EXPECT_EQ(counters().cookies_accepted, 0U);
  EXPECT_EQ(connections(), 1U);
}

TEST_F(tcp_cookies, belong_to_one_peer) {
  listens_without_room();
  hears("S 0:0(0) <mss 1460>");
  const std::uint32_t cookie = 1;
  says("S. 0:0(0) ack 1");
  from_address = ip_address::v4(10, 0, 0, 3);
  hears(". 1:1(0) ack " + std::to_string(cookie));
  EXPECT_EQ(says_what().flags, wire::tcp_rst);
}

TEST_F(tcp_cookies, are_good_for_a_minute) {
  listens_without_room();
  hears("S 0:0(0) <mss 1460>");
  says("S. 0:0(0) ack 1");
  passes(60s);
  says_all();
  hears(". 1:1(0) ack 1");
  accepts();
}

TEST_F(tcp_cookies, are_good_for_no_more_than_two) {
  listens_without_room();
  hears("S 0:0(0) <mss 1460>");
  says("S. 0:0(0) ack 1");
  passes(121s);
  hears("S 0:0(0) <mss 1460>", stranger);
  hears("S 0:0(0) <mss 1460>", 77);  // cookies are in use
  says_all();
  hears(". 1:1(0) ack 1");
  says("R 1:1(0)");
  EXPECT_EQ(counters().cookies_refused, 1U);
}

TEST_F(tcp_cookies, are_not_looked_for_when_none_were_sent) {
  listens();
  hears(". 1:1(0) ack 1");
  EXPECT_EQ(says_what().flags, wire::tcp_rst);
  EXPECT_EQ(counters().cookies_refused, 0U);
}

TEST_F(tcp_cookies, are_believed_after_the_queue_has_room_again) {
  listens_without_room();
  hears("S 0:0(0) <mss 1460>");
  says("S. 0:0(0) ack 1");
  hears("R 1:1(0)", stranger);
  EXPECT_EQ(connections(), 0U);
  hears(". 1:1(0) ack 1");
  accepts();
}

// The SYN came again when there was room for it; the answer to the cookie was on its way.
TEST_F(tcp_cookies, are_believed_when_the_syn_is_remembered_by_now) {
  listens_without_room();
  hears("S 0:0(0) <mss 1460>");
  says("S. 0:0(0) ack 1");
  hears("R 1:1(0)", stranger);
  const std::uint32_t cookie = our_syn_number();
  hears("S 0:0(0) <mss 1460>");
  says("S. 0:0(0) ack 1");
  EXPECT_EQ(connections(), 1U);
  ASSERT_NE(our_syn_number(), cookie);
  hears("P. 1:101(100) ack " + std::to_string(cookie + 1 - our_syn_number()));
  EXPECT_EQ(counters().cookies_accepted, 1U);
  EXPECT_EQ(connections(), 1U);
  accepts();
  reads(100);
}

TEST_F(tcp_cookies, are_not_guessed_when_the_syn_is_remembered_by_now) {
  listens_without_room();
  hears("S 0:0(0) <mss 1460>");
  says("S. 0:0(0) ack 1");
  hears("R 1:1(0)", stranger);
  hears("S 0:0(0) <mss 1460>");
  says("S. 0:0(0) ack 1");
  hears(". 1:1(0) ack 2");
  says("R 2:2(0)");
  EXPECT_EQ(counters().cookies_refused, 1U);
  hears(". 1:1(0) ack 1");
  accepts();
}

TEST_F(tcp_cookies, make_nothing_while_the_accept_queue_is_full) {
  listens_without_room(1);
  for (std::uint16_t from = 2; from <= 4; ++from) {
    hears("S 0:0(0) <mss 1460>", from);
    says("S. 0:0(0) ack 1", from);
  }
  for (std::uint16_t from = 2; from <= 4; ++from) hears(". 1:1(0) ack 1", from);
  says_nothing();
  EXPECT_EQ(listening->waiting(), 2U);
  EXPECT_EQ(counters().accept_queue_full, 1U);
  accepts();
  us->release(false);
  hears("P. 1:11(10) ack 1", 4);  // sent again, now there is room
  EXPECT_EQ(listening->waiting(), 2U);
  us = nullptr;
}

TEST_F(tcp_cookies, are_not_sent_if_told_so) {
  settings.syn_cookies = false;
  listens_without_room();
  hears("S 0:0(0) <mss 1460>");
  says_nothing();
  EXPECT_EQ(counters().cookies_sent, 0U);
  EXPECT_EQ(counters().half_open_full, 1U);
}

TEST(cookie_options, come_back_as_they_went) {
  for (const std::uint32_t clock : {0U, 63U, 64U, 1'000'000U, 0xffff'ffffU}) {
    for (std::uint8_t scale = 0; scale <= 15; ++scale) {
      cookie_options said{.window_scale = {}, .sack = scale % 2 == 0, .ecn = scale % 3 == 0};
      if (scale != 15) said.window_scale = scale;
      const std::uint32_t time = said.in_time(clock);
      EXPECT_LE(clock - time, 127U);  // it is not of the future
      EXPECT_EQ(cookie_options::of_time(time), said);
    }
  }
}

TEST(syn_cookies, fit_the_segment_sizes_of_ipv6) {
  const syn_cookies cookies({1, 2});
  const five_tuple tuple{ip_protocol::tcp,
                         {ip_address::loopback(ip_version::v6), 80},
                         {ip_address::loopback(ip_version::v6), 1000}};
  const wire::tcp_sequence syn(7);
  const instant now{1h};
  for (const auto& [said, kept] :
       {std::pair{1000U, 1220U}, {1439U, 1420U}, {1440U, 1440U}, {8939U, 1440U}, {65535U, 8940U}}) {
    const wire::tcp_sequence cookie = cookies.make(tuple, syn, said, now);
    EXPECT_EQ(cookies.segment_size(tuple, syn, cookie, now), kept);
  }
}

}  // namespace
}  // namespace pentad::native::test
