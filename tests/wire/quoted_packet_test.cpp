#include "pentad/wire/quoted_packet.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "pentad/wire/icmpv4.hpp"
#include "tests/wire/bytes.hpp"
#include "tests/wire/linux_frames.hpp"

namespace pentad::wire {
namespace {

using test::byte_vector;
using test::bytes;

/// The IP packet in a frame, or its beginning.
byte_vector packet_of(std::string_view frame, std::size_t most = SIZE_MAX) {
  byte_vector packet = test::bytes_behind(14, frame);
  packet.resize(std::min(packet.size(), most));
  return packet;
}

TEST(quoted_packet, of_an_error_of_linux_names_the_datagram) {
  const auto frame = bytes(test::port_unreachable_frame);
  const auto error = icmpv4_view::parse(std::span{frame}.subspan(34));
  ASSERT_TRUE(error);
  const auto quoted = quoted_packet::parse(error->payload(), ip_version::v4);
  ASSERT_TRUE(quoted);
  EXPECT_EQ(quoted->tuple,
            (five_tuple{ip_protocol::udp, {test::peer_v4, 999}, {test::linux_v4, 4444}}));
  EXPECT_FALSE(quoted->sequence);
  EXPECT_EQ(quoted->upper_layer.size(), 10U);
}

TEST(quoted_packet, of_tcp_has_the_sequence_number_in_the_least_quote) {
  const auto quoted = quoted_packet::parse(packet_of(test::syn_frame, 28), ip_version::v4);
  ASSERT_TRUE(quoted);
  EXPECT_EQ(quoted->tuple,
            (five_tuple{ip_protocol::tcp, {test::linux_v4, 0x8b4e}, {test::peer_v4, 6667}}));
  EXPECT_EQ(quoted->sequence, tcp_sequence{0x6343'0c31});
}

TEST(quoted_packet, of_ipv6_is_found_behind_extension_headers) {
  auto packet = packet_of(test::udp_v6_frame);
  const auto plain = quoted_packet::parse(packet, ip_version::v6);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->tuple,
            (five_tuple{ip_protocol::udp, {test::linux_v6, 0xbf60}, {test::peer_v6, 53}}));

  const auto first_fragment = bytes("1100000100000007");
  packet.insert(packet.begin() + 40, first_fragment.begin(), first_fragment.end());
  packet[5] = std::byte{21};
  packet[6] = std::byte{44};
  const auto fragment = quoted_packet::parse(packet, ip_version::v6);
  ASSERT_TRUE(fragment);
  EXPECT_EQ(fragment->tuple, plain->tuple);
}

TEST(quoted_packet, without_ports_has_none) {
  const auto quoted = quoted_packet::parse(packet_of(test::echo_request_frame), ip_version::v4);
  ASSERT_TRUE(quoted);
  EXPECT_EQ(quoted->tuple,
            (five_tuple{ip_protocol::icmp, {test::linux_v4, 0}, {test::peer_v4, 0}}));
  EXPECT_EQ(quoted->upper_layer.size(), 13U);
}

TEST(quoted_packet, shorter_than_the_least_quote_is_refused) {
  for (const std::size_t size : {0UL, 19UL, 20UL, 27UL}) {
    test::exact_copy part{packet_of(test::syn_frame, size)};
    EXPECT_EQ(quoted_packet::parse(part.span(), ip_version::v4).error(), parse_error::truncated);
  }
  for (const std::size_t size : {0UL, 39UL, 40UL, 47UL}) {
    test::exact_copy part{packet_of(test::udp_v6_frame, size)};
    EXPECT_EQ(quoted_packet::parse(part.span(), ip_version::v6).error(), parse_error::truncated);
  }
}

TEST(quoted_packet, of_the_other_version_is_refused) {
  EXPECT_EQ(quoted_packet::parse(packet_of(test::udp_v6_frame), ip_version::v4).error(),
            parse_error::malformed);
  EXPECT_EQ(quoted_packet::parse(packet_of(test::syn_frame), ip_version::v6).error(),
            parse_error::malformed);
}

TEST(quoted_packet, that_is_a_later_fragment_has_no_ports_to_tell) {
  auto v4 = packet_of(test::udp_v4_frame);
  v4[7] = std::byte{1};
  EXPECT_EQ(quoted_packet::parse(v4, ip_version::v4).error(), parse_error::unsupported);

  auto v6 = packet_of(test::udp_v6_frame);
  const auto later_fragment = bytes("1100000800000007");
  v6.insert(v6.begin() + 40, later_fragment.begin(), later_fragment.end());
  v6[6] = std::byte{44};
  EXPECT_EQ(quoted_packet::parse(v6, ip_version::v6).error(), parse_error::unsupported);
}

}  // namespace
}  // namespace pentad::wire
