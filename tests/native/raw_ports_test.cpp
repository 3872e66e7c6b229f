// Raw sockets in the core: raw(7), RFC 3542 section 3.1, and the echoes that need no privilege.
#include "ip_peer.hpp"

namespace pentad::native::test {
namespace {

class raw_ports : public ip_test {
 protected:
  void SetUp() override {
    start();
    meet_peer();
  }

  raw_port& open(const raw_settings& how) { return *host->raw().open(how).value(); }

  static bytes payload_in(const std::optional<arrived_datagram>& got) {
    return to_bytes(std::as_const(got->payload).bytes());
  }

  void hear_icmp(const bytes& message) {
    hear_v4(ipv4(message, [](wire::ipv4_header& ip) { ip.protocol = ip_protocol::icmp; }));
  }

  result<void> send(raw_port& from, const bytes& payload, const ip_address& to) {
    return from.send({.payload = payload, .to = endpoint(to, 0)}, now);
  }
};

TEST_F(raw_ports, hear_a_copy_while_the_host_answers) {
  raw_port& port = open({.protocol = ip_protocol::icmp});
  const bytes request = icmp4(wire::icmpv4_header::echo_request(5, 6), pattern(30));
  hear_icmp(request);
  const auto got = port.receive();
  ASSERT_TRUE(got);
  EXPECT_EQ(payload_in(got), request);
  EXPECT_EQ(got->source, endpoint(peer, 0));
  EXPECT_EQ(icmp4_in(sent_v4()).type, wire::icmpv4_type::echo_reply);
}

TEST_F(raw_ports, hear_their_protocol_their_address_and_their_peer_only) {
  raw_port& of_any = open({.protocol = ip_protocol{253}});
  raw_port& bound = open({.protocol = ip_protocol{253}});
  ASSERT_TRUE(bound.bind(us));
  raw_port& connected = open({.protocol = ip_protocol{253}});
  ASSERT_TRUE(connected.connect({gateway, 0}));
  raw_port& other = open({.protocol = ip_protocol{254}});
  hear_v4(ipv4(pattern(9), [](wire::ipv4_header& ip) { ip.protocol = ip_protocol{253}; }));
  EXPECT_TRUE(of_any.receive());
  EXPECT_TRUE(bound.receive());
  EXPECT_FALSE(connected.receive());
  EXPECT_FALSE(other.receive());
  EXPECT_TRUE(sent().empty()) << "somebody has it, so there is no error";
  EXPECT_EQ(bound.bind(peer).error(), std::errc::address_not_available);
}

TEST_F(raw_ports, show_the_header_if_they_are_to) {
  raw_port& port = open({.protocol = ip_protocol{253}, .header_included = true});
  const bytes packet =
      ipv4(pattern(9), [](wire::ipv4_header& ip) { ip.protocol = ip_protocol{253}; });
  hear_v4(packet);
  EXPECT_EQ(payload_in(port.receive()), packet);
}

TEST_F(raw_ports, filter_types_of_icmp) {
  std::bitset<256> replies;
  replies.set(0);
  raw_port& port = open({.protocol = ip_protocol::icmp, .types = replies});
  hear_icmp(icmp4(wire::icmpv4_header::echo_request(5, 6), {}));
  hear_icmp(icmp4(wire::icmpv4_header::echo_reply(5, 6), {}));
  EXPECT_EQ(payload_in(port.receive())[0], std::byte{0});
  EXPECT_FALSE(port.has_datagrams());
}

TEST_F(raw_ports, put_in_checksums_of_ipv6_and_look_at_them) {
  raw_port& port =
      open({.version = ip_version::v6, .protocol = ip_protocol{253}, .checksum_offset = 4});
  ASSERT_TRUE(send(port, pattern(20), peer6));
  const bytes sent = payload_of(sent_v6());
  const auto sum = [](const bytes& content, const ip_address& from, const ip_address& to) {
    wire::internet_sum made = wire::pseudo_header(from, to, ip_protocol{253}).sum(content.size());
    made.add(content);
    return made.folded();
  };
  EXPECT_EQ(sum(sent, us6, peer6), 0xffff);
  hear_v6(ipv6(sent, [](wire::ipv6_header& ip) { ip.next_header = ip_protocol{253}; }));
  EXPECT_TRUE(port.receive()) << "both ways have the same sum";
  bytes damaged = sent;
  damaged[10] ^= std::byte{1};
  hear_v6(ipv6(damaged, [](wire::ipv6_header& ip) { ip.next_header = ip_protocol{253}; }));
  EXPECT_FALSE(port.has_datagrams());
  EXPECT_EQ(send(port, pattern(5), peer6).error(), std::errc::invalid_argument) << "no room for it";
}

TEST_F(raw_ports, complete_the_header_that_a_program_brings) {
  raw_port& port = open({.protocol = ip_protocol{253}, .header_included = true});
  bytes packet = ipv4(pattern(9), [](wire::ipv4_header& ip) {
    ip.protocol = ip_protocol{253};
    ip.source = ip_address::any(ip_version::v4);
    ip.destination = peer;
    ip.time_to_live = 3;
  });
  store_be16(&packet[2], 0);
  store_be16(&packet[10], 0);
  ASSERT_TRUE(send(port, packet, peer));
  const bytes made = sent_v4();
  const wire::ipv4_header header = v4_in(made);  // which checks the sum
  EXPECT_EQ(header.source, us);
  EXPECT_EQ(header.time_to_live, 3);
  EXPECT_EQ(header.payload_size, 9);
  EXPECT_NE(header.identification, 0);
  EXPECT_EQ(send(port, pattern(19), peer).error(), std::errc::invalid_argument);
  EXPECT_EQ(send(port, part(packet, 1), peer).error(), std::errc::invalid_argument);
  EXPECT_EQ(send(port, packet + pattern(1500), peer).error(), std::errc::message_size);
}

TEST_F(raw_ports, that_only_echo_have_a_number_and_hear_its_answers) {
  raw_port& one = open({.protocol = ip_protocol::icmp, .only_echo = true});
  raw_port& two = open({.protocol = ip_protocol::icmp, .only_echo = true});
  EXPECT_NE(one.local().port, two.local().port);
  ASSERT_TRUE(send(one, icmp4(wire::icmpv4_header::echo_request(0, 9), pattern(8)), peer));
  const bytes request = payload_of(sent_v4());
  const auto view = wire::icmpv4_view::parse(request).value();
  EXPECT_EQ(view.identifier(), one.local().port);
  EXPECT_EQ(view.sequence(), 9);
  hear_icmp(icmp4(wire::icmpv4_header::echo_reply(one.local().port, 9), pattern(8)));
  EXPECT_TRUE(one.receive());
  EXPECT_FALSE(two.has_datagrams());
  hear_icmp(icmp4(wire::icmpv4_header::echo_request(one.local().port, 9), pattern(8)));
  EXPECT_FALSE(one.has_datagrams()) << "questions are not for it";
  EXPECT_EQ(send(one, icmp4(wire::icmpv4_header::echo_reply(0, 9), {}), peer).error(),
            std::errc::invalid_argument);
  EXPECT_EQ(send(one, pattern(3), peer).error(), std::errc::invalid_argument);
}

TEST_F(raw_ports, hear_errors_about_what_they_sent) {
  raw_port& one = open({.protocol = ip_protocol::icmp, .only_echo = true});
  raw_port& two = open({.protocol = ip_protocol::icmp, .only_echo = true});
  one.options().errors = two.options().errors = true;
  ASSERT_TRUE(send(one, icmp4(wire::icmpv4_header::echo_request(0, 9), pattern(8)), peer));
  const bytes quoted = sent_v4();
  hear_icmp(
      icmp4(wire::icmpv4_header::time_exceeded(wire::icmpv4_time_exceeded::in_transit), quoted));
  const auto told = one.take_kept_error();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->type, 11);
  EXPECT_EQ(told->bytes, payload_of(quoted));
  EXPECT_FALSE(two.take_kept_error());
}

TEST_F(raw_ports, are_bounded_by_memory) {
  raw_port& port = open({.protocol = ip_protocol{253}});
  port.options().receive_buffer = 4 * packet_pool::small_buffer;
  for (int i = 0; i < 10; ++i) {
    hear_v4(ipv4(pattern(9), [](wire::ipv4_header& ip) { ip.protocol = ip_protocol{253}; }));
  }
  EXPECT_EQ(port.drops(), 6U);
  port.close();
  EXPECT_EQ(pool.counters().packets_in_use, 0U);
}

}  // namespace
}  // namespace pentad::native::test
