// Segments in a row: those that a NIC's batch had and that come as one (`coalesce`), and those that
// are made and sent as one. They do what they would have done one by one.
#include "tests/native/tcp_conversation.hpp"

namespace pentad::native::test {
namespace {

class tcp_row : public tcp_conversation {};

TEST_F(tcp_row, brings_its_bytes_in_order_and_is_acknowledged_once) {
  is_connected();
  hears_row(". 1:1001(1000) ack 1", 5);
  says(". 1:1(0) ack 5001");
  says_nothing();
  EXPECT_EQ(us->readable(), 5000U);
  reads(5000);
  EXPECT_EQ(host().counters().segments_received, 6U);
}

TEST_F(tcp_row, says_what_it_acknowledges) {
  is_connected();
  writes(100);
  says("P. 1:101(100) ack 1");
  hears_row(". 1:1001(1000) ack 101", 3);
  EXPECT_EQ(us->in_flight(), 0U);
  says(". 101:101(0) ack 3001");
  reads(3000);
}

TEST_F(tcp_row, may_begin_with_what_is_old) {
  is_connected();
  hears(". 1:1501(1500) ack 1");
  says(". 1:1(0) ack 1501");
  hears_row(". 1:1001(1000) ack 1", 4);
  says(". 1:1(0) ack 4001");
  reads(4000);
}

TEST_F(tcp_row, may_come_out_of_order) {
  is_connected("<mss 1460,sackOK>");
  hears_row(". 1001:2001(1000) ack 1", 3);
  says(". 1:1(0) ack 1 <sack 1001:4001>");
  hears(". 1:1001(1000) ack 1");
  says(". 1:1(0) ack 4001");
  reads(4000);
}

TEST_F(tcp_row, fills_a_gap) {
  is_connected("<mss 1460,sackOK>");
  hears(". 2001:3001(1000) ack 1");
  says(". 1:1(0) ack 1 <sack 2001:3001>");
  hears_row(". 1:1001(1000) ack 1", 4);
  says(". 1:1(0) ack 4001 <sack 2001:3001>");  // which has come twice
  reads(4000);
}

TEST_F(tcp_row, is_cut_where_the_window_ends) {
  settings.receive_buffer = 2500;
  is_connected();
  hears_row(". 1:1001(1000) ack 1", 4);
  says(". 1:1(0) ack 2501 win 0");
  reads(2500);
  EXPECT_EQ(us->readable(), 0U);
}

TEST_F(tcp_row, is_acknowledged_later_if_it_is_short) {
  settings.quick_acks = 0;
  is_connected();
  hears(". 1:1001(1000) ack 1");
  passes(40ms);
  says(". 1:1(0) ack 1001");
  hears_row(". 1001:1101(100) ack 1", 3);
  says_nothing();
  passes(40ms);
  says(". 1:1(0) ack 1301");
  reads(1301 - 1);
}

TEST_F(tcp_row, may_complete_a_handshake) {
  listens();
  hears("S 0:0(0) <mss 1460>");
  says("S. 0:0(0) ack 1");
  hears_row(". 1:1001(1000) ack 1", 3);
  accepts();
  says(". 1:1(0) ack 3001");
  reads(3000);
}

TEST_F(tcp_row, is_refused_when_nobody_will_read_it) {
  is_connected();
  closes();
  says("F. 1:1(0) ack 1");
  hears_row(". 1:1001(1000) ack 1", 3);
  EXPECT_EQ(says_what().flags, wire::tcp_rst | wire::tcp_ack);
  EXPECT_EQ(connections(), 0U);
  for (const segment_text& each : says_all()) EXPECT_EQ(each.flags, wire::tcp_rst);
}

TEST_F(tcp_row, does_not_take_more_memory_than_there_is) {
  settings.receive_memory = 3 * packet_pool::small_buffer;
  settings.least_receive_memory = 0;
  is_connected();
  hears_row(". 1:1001(1000) ack 1", 8);
  EXPECT_LE(host().receive_memory(), settings.receive_memory);
  EXPECT_GT(host().counters().receive_memory_full, 0U);
  reads(us->readable());
}

class tcp_sent_row : public tcp_conversation {
 protected:
  tcp_sent_row() { takes_rows = true; }
};

TEST_F(tcp_sent_row, is_what_would_have_been_sent_one_by_one) {
  is_connected("<mss 1000,sackOK>");
  writes(3500);
  says(". 1:1001(1000) ack 1");
  says(". 1001:2001(1000) ack 1");
  says(". 2001:3001(1000) ack 1");
  says("P. 3001:3501(500) ack 1");
  says_nothing();
  EXPECT_EQ(us->in_flight(), 3500U);
  hears(". 1:1(0) ack 3501");
  EXPECT_EQ(us->send_queue(), 0U);
}

TEST_F(tcp_sent_row, has_options_in_each_segment) {
  settings.timestamps = true;
  is_connected("<mss 1012,TS val 70 ecr 0>");
  hears("P. 1:101(100) ack 1 <TS val 77 ecr 0>");
  says_all();
  us->write(std::vector<std::byte>(2500));
  const std::vector<segment_text> all = says_all();
  EXPECT_EQ(all.size(), 3U);
  for (const segment_text& each : all) {
    EXPECT_EQ(each.acknowledgment, 101U);
    EXPECT_EQ(each.options->timestamps->echo_reply, 77U);
  }
  reads(100);
}

TEST_F(tcp_sent_row, has_the_end_in_its_last_segment) {
  is_connected("<mss 1000>");
  EXPECT_EQ(us->write(std::vector<std::byte>(2500)), 2500U);
  us->shutdown_send();
  std::vector<wire::tcp_flags> flags;
  for (const segment_text& each : says_all()) flags.push_back(each.flags);
  EXPECT_EQ(flags, (std::vector{wire::tcp_ack, wire::tcp_ack,
                                wire::tcp_ack | wire::tcp_psh | wire::tcp_fin}));
  hears(". 1:1(0) ack 2502");
  EXPECT_EQ(us->state(), tcp_state::fin_wait_2);
}

TEST_F(tcp_sent_row, ends_where_the_window_does) {
  is_connected("<mss 1000>", 2500);
  writes(5000);
  says(". 1:1001(1000) ack 1");
  says(". 1001:2001(1000) ack 1");
  says_nothing();
}

TEST_F(tcp_sent_row, says_its_blocks_once) {
  is_connected("<mss 1000,sackOK>");
  hears(". 1001:2001(1000) ack 1");
  says_all();
  hears(". 1001:2001(1000) ack 1");  // twice
  const auto again = says_all();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].options->sack.size(), 2U);
  us->write(std::vector<std::byte>(3000));
  for (const segment_text& each : says_all()) EXPECT_LE(each.options->sack.size(), 1U);
}

TEST_F(tcp_sent_row, is_sent_again_in_part) {
  is_connected("<mss 1000,sackOK>");
  writes(5000);
  says_all();
  passes(100ms);
  hears(". 1:1(0) ack 1001 <sack 2001:5001>");
  says(". 1001:2001(1000) ack 1");
  hears(". 1:1(0) ack 5001");
  EXPECT_EQ(us->in_flight(), 0U);
}

TEST_F(tcp_sent_row, leaves_what_is_small_to_nagle) {
  is_connected("<mss 1000>");
  us->set_no_delay(false);
  writes(100);
  says("P. 1:101(100) ack 1");
  writes(2500);
  says(". 101:1101(1000) ack 1");
  says(". 1101:2101(1000) ack 1");
  says_nothing();
  hears(". 1:1(0) ack 2101");
  says("P. 2101:2601(500) ack 1");
}

}  // namespace
}  // namespace pentad::native::test
