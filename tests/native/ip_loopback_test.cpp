// Packets of a host to itself: they stay inside, and nothing is delivered from within a send.
#include "ip_peer.hpp"

namespace pentad::native::test {
namespace {

using ip_loopback = ip_test;

TEST_F(ip_loopback, own_addresses_are_reached_in_the_next_step_and_never_on_the_wire) {
  start();
  for (const char* own : {"127.0.0.1", "127.4.5.6", "::1", "10.0.0.1", "2001:db8::1"}) {
    send(ip(own), pattern(20));
    EXPECT_TRUE(transport.arrivals.empty());
    EXPECT_EQ(host->next_deadline(), now);
    host->advance(now);
    ASSERT_EQ(transport.arrivals.size(), 1U) << own;
    EXPECT_EQ(transport.arrivals[0].destination, ip(own));
    EXPECT_EQ(transport.arrivals[0].payload, pattern(20));
    transport.arrivals.clear();
  }
  EXPECT_TRUE(sent().empty());
}

TEST_F(ip_loopback, a_link_local_address_keeps_its_scope) {
  start();
  send(our_link_local, pattern(20));
  host->advance(now);
  ASSERT_EQ(transport.arrivals.size(), 1U);
  EXPECT_EQ(transport.arrivals[0].source, our_link_local);
  EXPECT_EQ(transport.arrivals[0].destination, our_link_local);
}

TEST_F(ip_loopback, packets_of_64_kib_pass_whole) {
  start();
  send(ip("127.0.0.1"), pattern(65515));
  host->advance(now);
  ASSERT_EQ(transport.arrivals.size(), 1U);
  EXPECT_EQ(transport.arrivals[0].payload.size(), 65515U);
}

TEST_F(ip_loopback, the_longest_datagram_of_ipv6_passes_in_fragments) {
  start();
  udp_port& port = **host->udp().bind({ip("::1"), 53});
  ASSERT_TRUE(port.send_to(pattern(65527), {ip("::1"), 53}, now));
  host->advance(now);
  const auto got = port.receive();
  ASSERT_TRUE(got);
  EXPECT_EQ(to_bytes(std::as_const(got->payload).bytes()), pattern(65527));
}

TEST_F(ip_loopback, works_without_any_nic) {
  host.emplace(settings, pool);
  host->attach(test_protocol, transport);
  send(ip("127.0.0.1"), pattern(20));
  host->advance(now);
  EXPECT_EQ(transport.arrivals.size(), 1U);
}

TEST_F(ip_loopback, errors_come_back_the_same_way) {
  start();
  transport.refuses = true;
  send(ip("127.0.0.1"), pattern(20));
  host->advance(now);
  host->advance(now);
  ASSERT_EQ(transport.failures.size(), 1U);
  EXPECT_EQ(transport.failures[0].what, path_error::kind::port_unreachable);
  EXPECT_EQ(transport.failures[0].source, ip("127.0.0.1"));
}

TEST_F(ip_loopback, an_echo_of_an_echo_takes_a_step_each) {
  start();
  /// Sends back whatever it gets.
  class mirror final : public native::transport {
   public:
    explicit mirror(network_layer& network) : network_(network) {}
    bool deliver(incoming_packet&& arrived, instant now) override {
      ++seen;
      outgoing_packet back;
      back.payload = std::move(arrived.payload);
      back.source = arrived.destination;
      back.destination = arrived.source;
      back.protocol = arrived.protocol;
      network_.send(std::move(back), now);
      return true;
    }
    void failed(const path_error&, instant) override {}
    int seen = 0;

   private:
    network_layer& network_;
  };
  mirror endless(host->network());
  constexpr ip_protocol another{254};
  host->attach(another, endless);
  outgoing_packet first;
  first.payload = make(pattern(20));
  first.source = first.destination = ip("127.0.0.1");
  first.protocol = another;
  host->network().send(std::move(first), now);
  for (int step = 1; step <= 5; ++step) {
    host->advance(now);
    EXPECT_EQ(endless.seen, step);
  }
}

TEST_F(ip_loopback, what_waits_is_bounded) {
  settings.most_loopback_packets = 10;
  start();
  for (int i = 0; i < 25; ++i) send(ip("127.0.0.1"), pattern(20));
  EXPECT_EQ(counters().loopback_full, 15U);
  host->advance(now);
  EXPECT_EQ(transport.arrivals.size(), 10U);
}

}  // namespace
}  // namespace pentad::native::test
