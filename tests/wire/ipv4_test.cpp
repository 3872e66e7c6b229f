#include "pentad/wire/ipv4.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/wire/bytes.hpp"
#include "tests/wire/linux_frames.hpp"

namespace pentad::wire {
namespace {

using test::byte_vector;
using test::bytes;

/// A packet with options and 4 bytes of payload, and a correct checksum.
byte_vector with_options(std::string_view options) {
  const auto tail = bytes(options);
  byte_vector packet(20 + tail.size() + 4, std::byte{0xdd});
  ipv4_header{.source = test::linux_v4, .destination = test::peer_v4, .payload_size = 4}.emit(
      packet);
  std::ranges::copy(tail, packet.begin() + 20);
  packet[0] = std::byte(0x40 | (5 + tail.size() / 4));
  store_be16(&packet[2], static_cast<std::uint16_t>(packet.size()));
  store_be16(&packet[10], 0);
  const internet_sum header{std::span{packet}.first(20 + tail.size())};
  store_be16(&packet[10], header.checksum());
  return packet;
}

/// What a change of one byte makes of a packet whose checksum is not looked at.
parse_error error_with(byte_vector packet, std::size_t at, unsigned value) {
  packet[at] = std::byte(value);
  return ipv4_view::parse(packet, checksum_check::skip).error();
}

TEST(ipv4, reads_a_packet_of_linux) {
  const auto packet = test::bytes_behind(14, test::udp_v4_frame);
  const auto view = ipv4_view::parse(packet);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->source(), test::linux_v4);
  EXPECT_EQ(view->destination(), test::peer_v4);
  EXPECT_EQ(view->protocol(), ip_protocol::udp);
  EXPECT_EQ(view->time_to_live(), 64);
  EXPECT_EQ(view->identification(), 0xdebf);
  EXPECT_TRUE(view->dont_fragment());
  EXPECT_FALSE(view->is_fragment());
  EXPECT_EQ(view->total_length(), 33);
  EXPECT_EQ(view->header_size(), 20U);
  EXPECT_TRUE(view->options().empty());
  EXPECT_EQ(view->payload().size(), 13U);
  EXPECT_EQ(view->bytes().size(), 33U);
}

TEST(ipv4, writes_a_header_as_linux_does) {
  const auto packet = test::bytes_behind(14, test::udp_v4_frame);
  byte_vector out(20);
  ipv4_header{.source = test::linux_v4,
              .destination = test::peer_v4,
              .protocol = ip_protocol::udp,
              .identification = 0xdebf,
              .dont_fragment = true,
              .payload_size = 13}
      .emit(out);
  EXPECT_EQ(out, byte_vector(packet.begin(), packet.begin() + 20));
}

TEST(ipv4, reads_what_it_writes) {
  test::generator generate;
  for (int i = 0; i != 1000; ++i) {
    const auto size = static_cast<std::uint16_t>(generate.number(200));
    const ipv4_header header{
        .source = generate.v4(),
        .destination = generate.v4(),
        .protocol = static_cast<ip_protocol>(generate.u8()),
        .time_to_live = generate.u8(),
        .traffic_class = generate.u8(),
        .identification = generate.u16(),
        .fragment_offset = static_cast<std::uint16_t>(generate.number(0x1fff) * 8),
        .dont_fragment = generate.coin(),
        .more_fragments = generate.coin(),
        .payload_size = size};
    test::exact_copy packet{byte_vector(20U + size)};
    header.emit(packet.span());
    const auto view = ipv4_view::parse(packet.span());
    ASSERT_TRUE(view);
    ASSERT_EQ(view->header(), header);
    ASSERT_EQ(view->payload().size(), size);
    ASSERT_EQ(view->is_fragment(), header.more_fragments || header.fragment_offset != 0);
  }
}

TEST(ipv4, is_written_and_read_by_the_compiler) {
  static_assert([] {
    std::array<std::byte, 20> out{};
    const ipv4_header header{.source = test::linux_v4, .destination = test::peer_v4};
    header.emit(out);
    return ipv4_view::parse(out)->header() == header;
  }());
}

TEST(ipv4, cuts_off_the_padding_of_the_frame) {
  auto packet = test::bytes_behind(14, test::udp_v4_frame);
  packet.resize(46, std::byte{0xaa});
  const auto view = ipv4_view::parse(packet);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->payload().size(), 13U);
}

TEST(ipv4, refuses_every_truncation) {
  EXPECT_TRUE(test::refuses_every_truncation(
      test::bytes_behind(14, test::syn_frame),
      [](auto part) { return ipv4_view::parse(part, checksum_check::skip).has_value(); }));
  EXPECT_TRUE(test::refuses_every_truncation(with_options("94040000 01010100"), [](auto part) {
    return ipv4_view::parse(part, checksum_check::skip).has_value();
  }));
}

TEST(ipv4, says_what_is_wrong) {
  const auto packet = test::bytes_behind(14, test::udp_v4_frame);
  EXPECT_EQ(ipv4_view::parse({}).error(), parse_error::truncated);
  EXPECT_EQ(error_with(packet, 0, 0x65), parse_error::malformed) << "version 6";
  EXPECT_EQ(error_with(packet, 0, 0x44), parse_error::malformed) << "header of 16 bytes";
  EXPECT_EQ(error_with(packet, 3, 19), parse_error::malformed) << "total length 19";
  EXPECT_EQ(error_with(packet, 3, 34), parse_error::truncated) << "total length 34 of 33";
}

TEST(ipv4, refuses_a_damaged_header_unless_it_was_checked_before) {
  const auto intact = test::bytes_behind(14, test::udp_v4_frame);
  for (std::size_t bit = 8; bit != 20 * 8; ++bit) {
    auto packet = intact;
    packet[bit / 8] ^= std::byte(1U << bit % 8);
    ASSERT_FALSE(ipv4_view::parse(packet)) << bit;
  }
  auto packet = intact;
  packet[8] = std::byte{63};
  EXPECT_EQ(ipv4_view::parse(packet).error(), parse_error::bad_checksum);
  EXPECT_TRUE(ipv4_view::parse(packet, checksum_check::skip));
}

TEST(ipv4, passes_over_options) {
  const auto packet = with_options("94040000 01010100");  // router alert, padding, end
  const auto view = ipv4_view::parse(packet);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->header_size(), 28U);
  EXPECT_EQ(view->options().size(), 8U);
  EXPECT_EQ(view->payload().size(), 4U);
  EXPECT_EQ(view->payload()[0], std::byte{0xdd});
  EXPECT_FALSE(view->has_source_route());
}

TEST(ipv4, refuses_options_with_wrong_lengths) {
  for (const auto* options : {"94000000", "94010000", "94050000", "01010194"}) {
    EXPECT_EQ(ipv4_view::parse(with_options(options)).error(), parse_error::malformed) << options;
  }
}

TEST(ipv4, does_not_read_behind_the_end_of_the_options) {
  EXPECT_TRUE(ipv4_view::parse(with_options("00ffffff")));
}

TEST(ipv4, tells_source_routes) {
  EXPECT_TRUE(ipv4_view::parse(with_options("01830704 0a090003"))->has_source_route());
  EXPECT_TRUE(ipv4_view::parse(with_options("89070401 02030400"))->has_source_route());
}

TEST(ipv4, reads_a_quoted_packet_with_part_of_its_payload) {
  auto packet = test::bytes_behind(14, test::syn_frame);
  packet.resize(28);
  packet[8] = std::byte{0};  // a router that counts down and leaves the checksum
  EXPECT_EQ(ipv4_view::parse(packet).error(), parse_error::truncated);
  const auto view = ipv4_view::parse_quoted(packet);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->total_length(), 60);
  EXPECT_EQ(view->payload().size(), 8U);
}

TEST(ipv4, does_not_take_what_follows_a_quoted_packet_for_its_payload) {
  auto packet = test::bytes_behind(14, test::udp_v4_frame);
  packet.resize(128);  // RFC 4884 has extensions there
  EXPECT_EQ(ipv4_view::parse_quoted(packet)->payload().size(), 13U);
}

TEST(ipv4, tells_and_sets_the_congestion_bits) {
  EXPECT_EQ(ecn_of(0xb9), ip_ecn::capable_1);
  EXPECT_EQ(with_ecn(0xb9, ip_ecn::congestion_experienced), 0xbb);
  EXPECT_EQ(with_ecn(0xb9, ip_ecn::not_capable), 0xb8);
  auto packet = test::bytes_behind(14, test::udp_v4_frame);
  packet[1] = std::byte{0x02};
  EXPECT_EQ(ipv4_view::parse(packet, checksum_check::skip)->ecn(), ip_ecn::capable_0);
}

}  // namespace
}  // namespace pentad::wire
