// The conformance tests of raw sockets, to be instantiated with stacks as those of streams are.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "pentad/base/error.hpp"
#include "tests/socket/stack_under_test.hpp"

namespace pentad::test {

/// An ICMP echo message (RFC 792, RFC 4443): type, code, checksum, identifier, sequence, data.
inline std::vector<std::byte> echo_message(std::uint8_t type, std::uint16_t identifier,
                                           std::uint16_t sequence) {
  std::vector<std::byte> made{std::byte{type}, {}, {}, {}};
  for (const std::uint16_t each : {identifier, sequence}) {
    made.push_back(static_cast<std::byte>(each >> 8));
    made.push_back(static_cast<std::byte>(each & 0xff));
  }
  for (const char each : std::string_view("pentad")) made.push_back(static_cast<std::byte>(each));
  return made;
}

/// Puts the Internet checksum (RFC 1071) into an ICMP message.
inline std::vector<std::byte> with_checksum(std::vector<std::byte> message) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < message.size(); ++i) {
    sum += std::to_integer<std::uint32_t>(message[i]) << (i % 2 == 0 ? 8 : 0);
  }
  sum = (sum & 0xffff) + (sum >> 16);
  sum = ~(sum + (sum >> 16)) & 0xffff;
  message[2] = static_cast<std::byte>(sum >> 8);
  message[3] = static_cast<std::byte>(sum & 0xff);
  return message;
}

inline std::uint8_t type_of(const received_datagram& received) {
  return std::to_integer<std::uint8_t>(received.bytes[0]);
}

class raw : public on_each_stack {
 protected:
  void SetUp() override {
    on_each_stack::SetUp();
    if (IsSkipped()) return;
    if (error_of(client().raw(ip_version::v4, ip_protocol::icmp)) == errc::needs_net_raw) {
      GTEST_SKIP() << "needs CAP_NET_RAW";
    }
  }
};

TEST_P(raw, asks_for_an_echo_and_hears_the_answer) {
  const auto program = [&]() -> task<> {
    const ip_address far = stack().server_address(ip_version::v4, 0);
    raw_socket socket =
        must(client().raw(ip_version::v4, ip_protocol::icmp, {.types = icmp_types{0}}));
    const std::vector<std::byte> request = with_checksum(echo_message(8, 0x1234, 1));
    must(co_await socket.send(request, far));
    std::array<std::byte, 200> buffer;
    const received_datagram answer = must(co_await socket.receive(buffer).timeout(10s));
    // The IP header is not part of it, and the filter has kept the request itself away.
    EXPECT_EQ(type_of(answer), 0);
    EXPECT_TRUE(std::ranges::equal(answer.bytes.subspan(4), std::span(request).subspan(4)));
    EXPECT_EQ(answer.source, socket_address(endpoint(far, 0)));
    EXPECT_TRUE(answer.destination.has_value());
    EXPECT_EQ(answer.hop_limit, 64);
  };
  run(program());
}

TEST_P(raw, has_the_stack_put_in_the_checksum_of_icmpv6) {
  if (!stack().has(ip_version::v6)) GTEST_SKIP() << "needs IPv6";
  const auto program = [&]() -> task<> {
    const ip_address far = stack().server_address(ip_version::v6, 0);
    raw_socket socket =
        must(client().raw(ip_version::v6, ip_protocol::icmpv6, {.types = icmp_types{129}}));
    const std::vector<std::byte> request = echo_message(128, 0x1234, 7);
    must(co_await socket.send(request, far));
    std::array<std::byte, 200> buffer;
    const received_datagram answer = must(co_await socket.receive(buffer).timeout(10s));
    EXPECT_EQ(type_of(answer), 129);
    EXPECT_TRUE(std::ranges::equal(answer.bytes.subspan(4), std::span(request).subspan(4)));
    EXPECT_EQ(answer.source, socket_address(endpoint(far, 0)));
  };
  run(program());
}

TEST_P(raw, shows_the_ip_header_if_it_is_to) {
  const auto program = [&]() -> task<> {
    const ip_address far = stack().server_address(ip_version::v4, 0);
    raw_socket hears = must(client().raw(ip_version::v4, ip_protocol::icmp,
                                         {.header_included = true, .types = icmp_types{0}}));
    raw_socket asks = must(client().raw(ip_version::v4, ip_protocol::icmp));
    must(co_await asks.send(with_checksum(echo_message(8, 0x1234, 1)), far));
    std::array<std::byte, 200> buffer;
    const received_datagram answer = must(co_await hears.receive(buffer).timeout(10s));
    EXPECT_EQ(answer.bytes[0], std::byte{0x45});  // version 4, five words
    EXPECT_EQ(answer.bytes[9], std::byte{1});     // ICMP
    EXPECT_TRUE(std::ranges::equal(answer.bytes.subspan(12, 4), far.bytes()));
    EXPECT_EQ(answer.bytes[20], std::byte{0});  // an echo reply
  };
  run(program());
}

TEST_P(raw, carries_any_protocol) {
  const auto program = [&]() -> task<> {
    constexpr auto experiment = ip_protocol{253};  // RFC 3692
    raw_socket far = must(server().raw(ip_version::v4, experiment));
    raw_socket near = must(client().raw(ip_version::v4, experiment));
    const std::vector<std::byte> sent(100, std::byte{42});
    must(co_await near.send(sent, stack().server_address(ip_version::v4, 0)));
    std::array<std::byte, 200> buffer;
    const received_datagram received = must(co_await far.receive(buffer).timeout(10s));
    EXPECT_TRUE(std::ranges::equal(received.bytes, sent));
  };
  run(program());
}

TEST_P(raw, refuses_what_it_cannot_do) {
  EXPECT_EQ(error_of(client().raw(ip_version::v4, ip_protocol{253}, {.types = icmp_types{1}})),
            std::errc::operation_not_supported);
  EXPECT_EQ(error_of(client().raw(ip_version::v4, ip_protocol::icmp, {.checksum_offset = 2})),
            std::errc::operation_not_supported);
  EXPECT_EQ(error_of(client().raw(ip_version::v6, ip_protocol::icmpv6, {.header_included = true})),
            std::errc::operation_not_supported);
}

TEST_P(raw, knows_its_tuple) {
  raw_socket socket = must(client().raw(ip_version::v4, ip_protocol::icmp));
  const ip_address near = stack().client_address(ip_version::v4, 0);
  const ip_address far = stack().server_address(ip_version::v4, 0);
  must(socket.bind(near));
  must(socket.connect(far));
  EXPECT_EQ(socket.tuple(), (five_tuple{ip_protocol::icmp, {near, 0}, {far, 0}}));
}

TEST_P(raw, of_icmp_works_without_privilege_where_that_is_allowed) {
  const auto opened = client().raw(ip_version::v4, ip_protocol::icmp, {.unprivileged = true});
  if (error_of(opened) == errc::needs_ping_group) {
    GTEST_SKIP() << "needs a group in net.ipv4.ping_group_range";
  }
  const auto program = [&]() -> task<> {
    raw_socket socket =
        must(client().raw(ip_version::v4, ip_protocol::icmp, {.unprivileged = true}));
    const ip_address far = stack().server_address(ip_version::v4, 0);
    must(co_await socket.send(echo_message(8, 0, 5), far));
    std::array<std::byte, 200> buffer;
    const received_datagram answer = must(co_await socket.receive(buffer).timeout(10s));
    EXPECT_EQ(type_of(answer), 0);
    EXPECT_EQ(answer.source, socket_address(endpoint(far, 0)));
    // The identifier is the stack's; it is the port of the socket.
    const std::uint16_t identifier = load_be16(answer.bytes.data() + 4);
    EXPECT_EQ(identifier, must(socket.local()).ip().port);
  };
  run(program());
}

}  // namespace pentad::test
