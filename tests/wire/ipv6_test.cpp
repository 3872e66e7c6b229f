#include "pentad/wire/ipv6.hpp"

#include <gtest/gtest.h>

#include "tests/wire/bytes.hpp"
#include "tests/wire/linux_frames.hpp"

namespace pentad::wire {
namespace {

using test::byte_vector;
using test::bytes;

TEST(ipv6, reads_a_packet_of_linux) {
  const auto packet = test::bytes_behind(14, test::udp_v6_frame);
  const auto view = ipv6_view::parse(packet);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->source(), test::linux_v6);
  EXPECT_EQ(view->destination(), test::peer_v6);
  EXPECT_EQ(view->next_header(), ip_protocol::udp);
  EXPECT_EQ(view->hop_limit(), 64);
  EXPECT_EQ(view->traffic_class(), 0);
  EXPECT_EQ(view->flow_label(), 0xde4e6U);
  EXPECT_EQ(view->payload_length(), 13);
  EXPECT_EQ(view->payload().size(), 13U);
}

TEST(ipv6, writes_a_header_as_linux_does) {
  const auto packet = test::bytes_behind(14, test::udp_v6_frame);
  byte_vector out(40);
  ipv6_view::parse(packet)->header().emit(out);
  EXPECT_EQ(out, byte_vector(packet.begin(), packet.begin() + 40));
}

TEST(ipv6, reads_what_it_writes) {
  test::generator generate;
  for (int i = 0; i != 1000; ++i) {
    const auto size = static_cast<std::uint16_t>(generate.number(200));
    const ipv6_header header{.source = generate.v6(),
                             .destination = generate.v6(),
                             .next_header = static_cast<ip_protocol>(generate.u8()),
                             .hop_limit = generate.u8(),
                             .traffic_class = generate.u8(),
                             .flow_label = generate.number(0xf'ffff),
                             .payload_size = size};
    test::exact_copy packet{byte_vector(40U + size)};
    header.emit(packet.span());
    const auto view = ipv6_view::parse(packet.span());
    ASSERT_TRUE(view);
    ASSERT_EQ(view->header(), header);
    ASSERT_EQ(view->payload().size(), size);
    ASSERT_EQ(view->ecn(), ecn_of(header.traffic_class));
  }
}

TEST(ipv6, cuts_off_the_padding_of_the_frame) {
  auto packet = test::bytes_behind(14, test::udp_v6_frame);
  packet.resize(60, std::byte{0xaa});
  EXPECT_EQ(ipv6_view::parse(packet)->payload().size(), 13U);
}

TEST(ipv6, refuses_every_truncation) {
  EXPECT_TRUE(
      test::refuses_every_truncation(test::bytes_behind(14, test::udp_v6_frame),
                                     [](auto part) { return ipv6_view::parse(part).has_value(); }));
}

TEST(ipv6, refuses_another_version) {
  auto packet = test::bytes_behind(14, test::udp_v6_frame);
  packet[0] = std::byte{0x40};
  EXPECT_EQ(ipv6_view::parse(packet).error(), parse_error::malformed);
}

TEST(ipv6, reads_a_quoted_packet_with_part_of_its_payload) {
  auto packet = test::bytes_behind(14, test::udp_v6_frame);
  packet.resize(48);
  EXPECT_EQ(ipv6_view::parse(packet).error(), parse_error::truncated);
  EXPECT_EQ(ipv6_view::parse_quoted(packet)->payload().size(), 8U);
}

}  // namespace
}  // namespace pentad::wire
