#include "ip_peer.hpp"

namespace pentad::native::test {
namespace {

class icmp_echo : public ip_test {
 protected:
  void SetUp() override {
    start();
    meet_peer();
  }

  template <class Change>
  void ping_v4(const bytes& data, Change change) {
    hear_v4(
        ipv4(icmp4(wire::icmpv4_header::echo_request(7, 9), data), [&](wire::ipv4_header& header) {
          header.protocol = ip_protocol::icmp;
          change(header);
        }));
  }
  void ping_v4(const bytes& data) {
    ping_v4(data, [](wire::ipv4_header&) {});
  }

  void ping_v6(const bytes& data, const ip_address& to = us6) {
    hear_v6(ipv6(icmp6(wire::icmpv6_header::echo_request(7, 9), data, peer6, to),
                 [&](wire::ipv6_header& header) {
                   header.next_header = ip_protocol::icmpv6;
                   header.destination = to;
                 }));
  }
};

TEST_F(icmp_echo, a_request_is_answered_with_the_same_data) {
  ping_v4(pattern(56), [](wire::ipv4_header& header) {
    header.time_to_live = 3;
    header.traffic_class = 0xbb;
  });
  const bytes reply = sent_v4();
  EXPECT_EQ(icmp4_in(reply), wire::icmpv4_header::echo_reply(7, 9));
  EXPECT_EQ(part(payload_of(reply), 8), pattern(56));
  EXPECT_EQ(v4_in(reply).source, us);
  EXPECT_EQ(v4_in(reply).destination, peer);
  EXPECT_EQ(v4_in(reply).time_to_live, 64);
  EXPECT_EQ(v4_in(reply).traffic_class, 0xb8) << "as asked, without the marks of congestion";
  EXPECT_EQ(counters().echo_requests, 1U);
}

TEST_F(icmp_echo, a_request_of_ipv6_is_answered_with_the_same_data) {
  ping_v6(pattern(57));
  const bytes reply = sent_v6();
  EXPECT_EQ(icmp6_in(reply), wire::icmpv6_header::echo_reply(7, 9));
  EXPECT_EQ(part(payload_of(reply), 8), pattern(57));
  EXPECT_EQ(v6_in(reply).source, us6);
  EXPECT_EQ(v6_in(reply).destination, peer6);
}

TEST_F(icmp_echo, a_damaged_request_is_not_answered) {
  bytes message = icmp4(wire::icmpv4_header::echo_request(7, 9), pattern(56));
  message[20] ^= std::byte{1};
  hear_v4(ipv4(message, [](wire::ipv4_header& header) { header.protocol = ip_protocol::icmp; }));
  bytes message6 = icmp6(wire::icmpv6_header::echo_request(7, 9), pattern(56));
  message6[20] ^= std::byte{1};
  hear_v6(ipv6(message6, [](wire::ipv6_header& ip) { ip.next_header = ip_protocol::icmpv6; }));
  hear_v4(ipv4(pattern(7), [](wire::ipv4_header& header) { header.protocol = ip_protocol::icmp; }));
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(counters().malformed_icmp, 3U);
}

TEST_F(icmp_echo, a_request_to_all_hosts_is_not_answered_in_ipv4) {
  for (const char* group : {"10.0.0.255", "255.255.255.255", "224.0.0.1"}) {
    ping_v4(pattern(8), [&](wire::ipv4_header& header) { header.destination = ip(group); });
  }
  EXPECT_TRUE(sent().empty()) << "RFC 1122, section 3.2.2.6, and Linux's default";
  EXPECT_EQ(counters().ignored_icmp, 3U);
}

TEST_F(icmp_echo, a_request_to_all_nodes_is_answered_from_an_address_of_ours_in_ipv6) {
  ping_v6(pattern(8), wire::all_nodes());
  EXPECT_EQ(v6_in(sent_v6()).source, us6);
}

TEST_F(icmp_echo, a_long_request_in_fragments_is_answered_in_fragments) {
  const bytes message = icmp4(wire::icmpv4_header::echo_request(7, 9), pattern(4000));
  for (std::size_t offset = 0; offset < message.size(); offset += 1480) {
    hear_v4(ipv4(part(message, offset, 1480), [&](wire::ipv4_header& header) {
      header.protocol = ip_protocol::icmp;
      header.fragment_offset = static_cast<std::uint16_t>(offset);
      header.more_fragments = offset + 1480 < message.size();
    }));
  }
  const auto frames = sent();
  ASSERT_EQ(frames.size(), 3U);
  const bytes reply = part(frames[0], 34) + part(frames[1], 34) + part(frames[2], 34);
  EXPECT_EQ(wire::icmpv4_view::parse(reply).value().type(), wire::icmpv4_type::echo_reply);
  EXPECT_EQ(part(reply, 8), pattern(4000));
}

TEST_F(icmp_echo, replies_and_kinds_that_hosts_do_not_answer_are_ignored) {
  for (const wire::icmpv4_type type :
       {wire::icmpv4_type::echo_reply, wire::icmpv4_type{13}, wire::icmpv4_type{17},
        wire::icmpv4_type{200}, wire::icmpv4_type::redirect, wire::icmpv4_type{4}}) {
    hear_v4(ipv4(icmp4({type, 0, 0}, pattern(28)),
                 [](wire::ipv4_header& header) { header.protocol = ip_protocol::icmp; }));
  }
  EXPECT_EQ(counters().ignored_icmp, 6U);
  EXPECT_TRUE(sent().empty());
}

}  // namespace
}  // namespace pentad::native::test
