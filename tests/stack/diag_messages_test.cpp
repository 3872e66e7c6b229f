// What a message of sock_diag(7) says, as a flow.
#include "pentad/stack/kernel/diag_messages.hpp"

#include <gtest/gtest.h>

#include "tests/stack/diag_replies.hpp"

namespace pentad::kernel::test {
namespace {

using namespace std::chrono_literals;

constexpr inet_sockets tcp{flow_kind::stream, ip_protocol::tcp};
constexpr inet_sockets udp{flow_kind::datagram, ip_protocol::udp};
constexpr inet_sockets any_raw{flow_kind::raw, {}};

bytes body_of(const auto& head) {
  bytes made;
  append(made, head);
  return made;
}

inet_diag_msg v6_socket(std::string_view local, std::string_view remote) {
  inet_diag_msg made = connection_v4(1000);
  made.idiag_family = AF_INET6;
  std::memcpy(made.id.idiag_src, ip_address::parse(local)->bytes().data(), 16);
  std::memcpy(made.id.idiag_dst, ip_address::parse(remote)->bytes().data(), 16);
  return made;
}

std::string tuple_of(const inet_diag_msg& head, inet_sockets which = tcp) {
  return to_string(parse_inet_diag(body_of(head), which)->tuple().value());
}

TEST(inet_diag, has_a_connection) {
  bytes body = body_of(connection_v4(4000));
  tcp_info info{};
  info.tcpi_rtt = 1500;
  info.tcpi_rttvar = 10;
  info.tcpi_snd_mss = 1448;
  info.tcpi_snd_cwnd = 10;
  info.tcpi_total_retrans = 2;
  info.tcpi_bytes_acked = 99;
  append_attribute(body, INET_DIAG_INFO, std::as_bytes(std::span(&info, 1)));
  const flow made = parse_inet_diag(body, tcp).value();
  EXPECT_EQ(to_string(made.tuple().value()), "tcp 10.9.0.1:4000 > 10.9.0.2:80");
  EXPECT_EQ(made.kind, flow_kind::stream);
  EXPECT_EQ(made.state, flow_state::established);
  EXPECT_EQ(made.inode, 4711U);
  EXPECT_EQ(made.info.receive_queue, 3U);
  EXPECT_EQ(made.info.send_queue, 4U);
  EXPECT_EQ(made.info.rtt, 1500us);
  EXPECT_EQ(made.info.congestion_window, 14480U);
  EXPECT_EQ(made.info.retransmits, 2U);
  EXPECT_EQ(made.info.bytes_acknowledged, 99U);
  EXPECT_FALSE(made.waiting);
  EXPECT_FALSE(made.interface);
}

TEST(inet_diag, of_an_older_kernel_says_less) {
  bytes body = body_of(connection_v4(4000));
  tcp_info info{};
  info.tcpi_snd_mss = 500;
  append_attribute(body, INET_DIAG_INFO, std::as_bytes(std::span(&info, 1)).first(100));
  const flow made = parse_inet_diag(body, tcp).value();
  EXPECT_EQ(made.info.segment_size, 500U);
  EXPECT_FALSE(made.info.rtt);
  EXPECT_FALSE(made.info.bytes_acknowledged);
  EXPECT_FALSE(made.info.delivery_rate);
}

TEST(inet_diag, has_the_queue_of_a_listener) {
  inet_diag_msg head = connection_v4(80, 10);
  std::memset(head.id.idiag_dst, 0, sizeof head.id.idiag_dst);
  head.id.idiag_dport = 0;
  const flow made = parse_inet_diag(body_of(head), tcp).value();
  EXPECT_EQ(made.state, flow_state::listen);
  EXPECT_EQ(made.waiting, 3U);
  EXPECT_EQ(made.backlog, 4U);
  EXPECT_FALSE(made.info.receive_queue);
  EXPECT_FALSE(made.remote);
}

TEST(inet_diag, has_no_inode_when_no_program_has_the_socket) {
  inet_diag_msg head = connection_v4(4000, 6);
  head.idiag_inode = 0;
  const flow made = parse_inet_diag(body_of(head), tcp).value();
  EXPECT_EQ(made.state, flow_state::time_wait);
  EXPECT_FALSE(made.inode);
}

TEST(inet_diag, has_ipv6_and_ipv4_in_its_form) {
  EXPECT_EQ(tuple_of(v6_socket("fd00::1", "fd00::2")), "tcp [fd00::1]:1000 > [fd00::2]:80");
  EXPECT_EQ(tuple_of(v6_socket("::ffff:10.0.0.1", "::ffff:10.0.0.2")),
            "tcp 10.0.0.1:1000 > 10.0.0.2:80");
  inet_diag_msg unconnected = v6_socket("::ffff:10.0.0.1", "::");
  unconnected.id.idiag_dport = 0;
  EXPECT_EQ(tuple_of(unconnected, udp), "udp 10.0.0.1:1000 > 0.0.0.0:0");
}

TEST(inet_diag, has_the_interface_that_a_socket_is_bound_to) {
  inet_diag_msg head = v6_socket("fe80::1", "fe80::2");
  head.id.idiag_if = 1;
  const flow made = parse_inet_diag(body_of(head), tcp).value();
  EXPECT_EQ(made.interface, 1U);
  EXPECT_EQ(made.local.ip().address.scope(), 1U);
  EXPECT_EQ(made.remote->ip().address.scope(), 1U);
  head = v6_socket("fd00::1", "fd00::2");
  head.id.idiag_if = 1;
  EXPECT_EQ(parse_inet_diag(body_of(head), tcp)->local.ip().address.scope(), 0U);
}

TEST(inet_diag, has_the_protocol_of_a_raw_socket_where_others_have_a_port) {
  inet_diag_msg head = connection_v4(1, 7);
  head.id.idiag_dport = 0;
  const flow made = parse_inet_diag(body_of(head), any_raw).value();
  EXPECT_EQ(made.kind, flow_kind::raw);
  EXPECT_EQ(made.state, flow_state::unconnected);
  EXPECT_EQ(to_string(made.tuple().value()), "icmp 10.9.0.1 > 10.9.0.2");
}

TEST(inet_diag, refuses_what_it_does_not_know) {
  constexpr std::uint8_t no_states[] = {0, 13, 255};
  inet_diag_msg head = connection_v4(1);
  head.idiag_family = AF_UNIX;
  EXPECT_FALSE(parse_inet_diag(body_of(head), tcp));
  for (const std::uint8_t state : no_states) {
    EXPECT_FALSE(parse_inet_diag(body_of(connection_v4(1, state)), tcp));
  }
}

unix_diag_msg unix_socket(std::uint8_t type, std::uint8_t state) {
  unix_diag_msg made{};
  made.udiag_family = AF_UNIX;
  made.udiag_type = type;
  made.udiag_state = state;
  made.udiag_ino = 12;
  return made;
}

flow named(std::string_view name) {
  bytes body = body_of(unix_socket(SOCK_DGRAM, 7));
  append_attribute(body, UNIX_DIAG_NAME, bytes_of(name));
  return parse_unix_diag(body).value();
}

TEST(unix_diag, has_a_connection_with_its_peer) {
  bytes body = body_of(unix_socket(SOCK_STREAM, 1));
  const std::uint32_t peer = 13;
  append_attribute(body, UNIX_DIAG_PEER, std::as_bytes(std::span(&peer, 1)));
  const unix_diag_rqlen queues{5, 6};
  append_attribute(body, UNIX_DIAG_RQLEN, std::as_bytes(std::span(&queues, 1)));
  const flow made = parse_unix_diag(body).value();
  EXPECT_EQ(made.kind, flow_kind::stream);
  EXPECT_EQ(made.state, flow_state::established);
  EXPECT_FALSE(made.protocol);
  EXPECT_EQ(made.inode, 12U);
  EXPECT_EQ(made.peer_inode, 13U);
  EXPECT_EQ(made.info.receive_queue, 5U);
  EXPECT_EQ(made.info.send_queue, 6U);
  EXPECT_TRUE(made.local.unix_path().is_unnamed());
}

TEST(unix_diag, has_a_listener) {
  bytes body = body_of(unix_socket(SOCK_SEQPACKET, 10));
  const unix_diag_rqlen queues{1, 128};
  append_attribute(body, UNIX_DIAG_RQLEN, std::as_bytes(std::span(&queues, 1)));
  const flow made = parse_unix_diag(body).value();
  EXPECT_EQ(made.kind, flow_kind::sequenced);
  EXPECT_EQ(made.state, flow_state::listen);
  EXPECT_EQ(made.waiting, 1U);
  EXPECT_EQ(made.backlog, 128U);
}

TEST(unix_diag, has_paths_and_abstract_names) {
  using namespace std::string_view_literals;
  EXPECT_EQ(to_string(named("/run/x\0"sv).local), "unix:/run/x");
  EXPECT_EQ(to_string(named("/run/x"sv).local), "unix:/run/x");
  EXPECT_EQ(to_string(named("\0name"sv).local), "unix:@name");
  EXPECT_EQ(to_string(named("@odd\0"sv).local), "unix:./@odd");
  EXPECT_EQ(named("\0a\0b"sv).local.unix_path().path(), "@a\0b"sv);
  EXPECT_TRUE(named("").local.unix_path().is_unnamed());
  EXPECT_TRUE(named(std::string(108, 'x')).local.unix_path().is_unnamed());
}

TEST(unix_diag, refuses_what_is_too_short_or_unknown) {
  EXPECT_FALSE(parse_unix_diag({}));
  EXPECT_FALSE(parse_unix_diag(bytes(sizeof(unix_diag_msg) - 1)));
  EXPECT_FALSE(parse_unix_diag(body_of(unix_socket(99, 1))));
  bytes body = body_of(unix_socket(SOCK_STREAM, 1));
  append_attribute(body, UNIX_DIAG_PEER, bytes(3));
  EXPECT_FALSE(parse_unix_diag(body));
  body = body_of(unix_socket(SOCK_STREAM, 1));
  append_attribute(body, UNIX_DIAG_RQLEN, bytes(7));
  EXPECT_FALSE(parse_unix_diag(body));
  body = body_of(unix_socket(SOCK_STREAM, 1));
  append(body, nlattr{100, UNIX_DIAG_NAME});
  EXPECT_FALSE(parse_unix_diag(body)) << "longer than the message";
}

}  // namespace
}  // namespace pentad::kernel::test
