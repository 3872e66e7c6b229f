// Losses at the end of a flight, and what is late: RFC 8985 (RACK-TLP), with a round trip of 100
// ms.
#include "tests/native/tcp_conversation.hpp"
#include "tests/native/tcp_pair.hpp"

namespace pentad::native::test {
namespace {

class tcp_tail : public tcp_conversation {
 protected:
  tcp_tail() { settings.congestion = congestion_algorithm::new_reno; }

  void has_in_flight(std::size_t segments) {
    is_connected("<mss 1000,sackOK>");
    writes(segments * 1000);
    for (std::size_t i = 0; i < segments; ++i) says(".");
    says_nothing();
  }
};

// Section 7.2: after two round trips, and later if the peer may wait with its acknowledgement.

TEST_F(tcp_tail, sends_its_last_segment_again_after_two_round_trips) {
  has_in_flight(5);
  passes(199ms);
  says_nothing();
  passes(1ms);
  says(". 4001:5001(1000) ack 1");
  says_nothing();
}

TEST_F(tcp_tail, waits_for_a_delayed_acknowledgement_of_one_segment) {
  has_in_flight(1);
  passes(299ms);
  says_nothing();
  passes(1ms);  // not later than the timeout
  says(". 1:1001(1000) ack 1");
  passes(299ms);
  says_nothing();  // and the timeout counts from there
  passes(1ms);
  says(". 1:1001(1000) ack 1");
}

TEST_F(tcp_tail, sends_something_new_instead_if_there_is) {
  is_connected("<mss 1000,sackOK>");
  writes(100'000);
  for (int i = 0; i < 10; ++i) says(".");
  says_nothing();
  passes(200ms);
  says(". 10001:11001(1000) ack 1");
  says_nothing();
}

TEST_F(tcp_tail, sends_one_probe_only_before_the_timeout) {
  has_in_flight(5);
  passes(200ms);
  says(". 4001:5001(1000) ack 1");
  passes(299ms);
  says_nothing();
  passes(1ms);
  says(". 1:1001(1000) ack 1");
}

TEST_F(tcp_tail, is_not_probed_without_sack) {
  is_connected("<mss 1000>");
  writes(5000);
  for (int i = 0; i < 5; ++i) says(".");
  passes(299ms);
  says_nothing();
}

// What the peer tells then shows the loss.

TEST_F(tcp_tail, is_repaired_by_what_the_probe_tells) {
  has_in_flight(5);
  passes(100ms);
  hears(". ack 2001");
  passes(200ms);
  says(". 4001:5001(1000) ack 1");
  passes(100ms);
  hears(". ack 2001 <sack 4001:5001>");
  says(". 2001:3001(1000) ack 1");
  passes(100ms);
  hears(". ack 3001 <sack 4001:5001>");
  says(". 3001:4001(1000) ack 1");
  EXPECT_TRUE(us->in_recovery());
}

// Section 7.4: a loss that the probe has mended is congestion all the same, one that was none is
// not.

TEST_F(tcp_tail, halves_the_window_if_the_probe_has_mended_a_loss) {
  has_in_flight(5);
  passes(100ms);
  hears(". ack 4001");
  passes(300ms);
  says(". 4001:5001(1000) ack 1");
  passes(100ms);
  const std::uint32_t before = us->congestion().window();
  hears(". ack 5001");
  writes(1000);
  says(". 5001:6001(1000)");
  hears(". ack 6001");
  EXPECT_LT(us->congestion().window(), before);
}

TEST_F(tcp_tail, leaves_the_window_alone_if_the_probe_was_in_vain) {
  has_in_flight(5);
  passes(100ms);
  hears(". ack 4001");
  passes(300ms);
  says(". 4001:5001(1000) ack 1");
  const std::uint32_t before = us->congestion().window();
  hears(". ack 5001");
  hears(". ack 5001 <sack 4001:5001>");
  writes(1000);
  says(". 5001:6001(1000)");
  hears(". ack 6001");
  EXPECT_GE(us->congestion().window(), before);
}

// Section 6.2, step 4: after disorder it is more patient than to count to three.

TEST_F(tcp_tail, takes_no_disorder_for_loss_once_it_has_seen_some) {
  is_connected("<mss 1000,sackOK>");
  writes(100'000);
  for (int i = 0; i < 10; ++i) says(".");
  passes(100ms);
  hears(". ack 1 <sack 1001:2001>");
  hears(". ack 2001");  // the first was only late
  hears(". ack 2001 <sack 3001:7001>");
  EXPECT_FALSE(us->in_recovery());
  passes(24ms);
  EXPECT_FALSE(us->in_recovery());
  passes(2ms);
  EXPECT_TRUE(us->in_recovery());
}

// As a whole: the end of a transfer is lost.
TEST(tcp_tail_of_a_transfer, arrives_about_one_round_trip_after_its_loss_could_be_known) {
  tcp_pair hosts;
  hosts.delay = 10ms;
  listener& service =
      **hosts.b.tcp.listen(endpoint(hosts.b.address, 80), false, 1, false, hosts.now);
  connection& client =
      **hosts.a.tcp.connect(endpoint(hosts.a.address, 0), endpoint(hosts.b.address, 80), hosts.now);
  ASSERT_TRUE(hosts.run(1s, [&] { return client.is_connected(); }));
  hosts.run(1s);
  connection& server = *service.accept();
  const std::vector<std::byte> bytes(8 * client.segment_size(), std::byte{1});
  int sent = 0;
  hosts.loses = [&](const tcp_host& from, const outgoing_packet&) {
    return &from == &hosts.a && ++sent >= 7 && sent <= 8;
  };
  const instant begun = hosts.now;
  client.write(bytes);
  ASSERT_TRUE(hosts.run(10s, [&] { return server.readable() == bytes.size(); }));
  // The last acknowledgement, two round trips of silence, the probe's round trip, the repair.
  EXPECT_LE(hosts.now - begun, 20ms + 40ms + 20ms + 10ms + 5ms);
  client.release(true);
  server.release(true);
  hosts.run(1s);
}

}  // namespace
}  // namespace pentad::native::test
