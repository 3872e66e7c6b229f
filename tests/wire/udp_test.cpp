#include "pentad/wire/udp.hpp"

#include <gtest/gtest.h>

#include "pentad/wire/ipv4.hpp"
#include "pentad/wire/ipv6.hpp"
#include "tests/wire/bytes.hpp"
#include "tests/wire/linux_frames.hpp"

namespace pentad::wire {
namespace {

using test::byte_vector;
using test::bytes;

constexpr pseudo_header pseudo_v4{test::linux_v4, test::peer_v4, ip_protocol::udp};
constexpr pseudo_header pseudo_v6{test::linux_v6, test::peer_v6, ip_protocol::udp};

const byte_vector hello_v4 = bytes("bf9d0035000de81a 68656c6c6f");
const byte_vector hello_v6 = bytes("bf600035000d0256 68656c6c6f");

byte_vector text(std::string_view characters) {
  const auto data = std::as_bytes(std::span{characters});
  return {data.begin(), data.end()};
}

TEST(udp, reads_datagrams_of_linux) {
  const auto v4 = udp_view::parse(hello_v4, pseudo_v4);
  ASSERT_TRUE(v4);
  EXPECT_EQ(v4->source_port(), 0xbf9d);
  EXPECT_EQ(v4->destination_port(), 53);
  EXPECT_TRUE(std::ranges::equal(v4->payload(), text("hello")));

  const auto v6 = udp_view::parse(hello_v6, pseudo_v6);
  ASSERT_TRUE(v6);
  EXPECT_TRUE(std::ranges::equal(v6->payload(), text("hello")));
}

TEST(udp, writes_headers_as_linux_does) {
  byte_vector out(8);
  udp_header{0xbf9d, 53}.emit(out, pseudo_v4, internet_sum{text("hello")});
  EXPECT_EQ(out, byte_vector(hello_v4.begin(), hello_v4.begin() + 8));
  udp_header{0xbf60, 53}.emit(out, pseudo_v6, internet_sum{text("hello")});
  EXPECT_EQ(out, byte_vector(hello_v6.begin(), hello_v6.begin() + 8));
}

TEST(udp, reads_what_it_writes) {
  test::generator generate;
  for (int i = 0; i != 1000; ++i) {
    const bool v4 = generate.coin();
    const pseudo_header pseudo{v4 ? generate.v4() : generate.v6(),
                               v4 ? generate.v4() : generate.v6(), ip_protocol::udp};
    const udp_header header{generate.u16(), generate.u16()};
    const auto payload = generate.vector(generate.number(100));
    test::exact_copy datagram{byte_vector(8 + payload.size())};
    const internet_sum sum = copy_and_checksum(payload, datagram.span().subspan(8));
    header.emit(datagram.span(), pseudo, sum);
    const auto view = udp_view::parse(datagram.span(), pseudo);
    ASSERT_TRUE(view);
    ASSERT_EQ(view->header(), header);
    ASSERT_TRUE(std::ranges::equal(view->payload(), payload));
  }
}

TEST(udp, refuses_every_truncation) {
  EXPECT_TRUE(test::refuses_every_truncation(hello_v4, [](auto part) {
    return udp_view::parse(part, pseudo_v4, checksum_check::skip).has_value();
  }));
}

TEST(udp, refuses_a_length_shorter_than_the_header) {
  auto datagram = hello_v4;
  datagram[5] = std::byte{7};
  EXPECT_EQ(udp_view::parse(datagram, pseudo_v4).error(), parse_error::malformed);
}

TEST(udp, may_be_shorter_than_the_packet_that_carries_it) {
  auto datagram = hello_v4;
  datagram.resize(20, std::byte{0xaa});
  const auto view = udp_view::parse(datagram, pseudo_v4);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->payload().size(), 5U);
}

TEST(udp, refuses_every_single_wrong_bit_unless_it_was_checked_before) {
  for (std::size_t bit = 0; bit != hello_v4.size() * 8; ++bit) {
    auto datagram = hello_v4;
    datagram[bit / 8] ^= std::byte(1U << bit % 8);
    ASSERT_FALSE(udp_view::parse(datagram, pseudo_v4)) << bit;
  }
  auto datagram = hello_v4;
  datagram.back() ^= std::byte{1};
  EXPECT_EQ(udp_view::parse(datagram, pseudo_v4).error(), parse_error::bad_checksum);
  EXPECT_TRUE(udp_view::parse(datagram, pseudo_v4, checksum_check::skip));
}

TEST(udp, notices_a_datagram_for_someone_else) {
  const pseudo_header other{test::linux_v4, ip_address::v4(10, 9, 0, 3), ip_protocol::udp};
  EXPECT_EQ(udp_view::parse(hello_v4, other).error(), parse_error::bad_checksum);
}

TEST(udp, may_go_without_a_checksum_in_ipv4_alone) {
  auto datagram = hello_v4;
  store_be16(&datagram[6], 0);
  EXPECT_TRUE(udp_view::parse(datagram, pseudo_v4));
  datagram = hello_v6;
  store_be16(&datagram[6], 0);
  EXPECT_EQ(udp_view::parse(datagram, pseudo_v6).error(), parse_error::bad_checksum);
}

TEST(udp, never_writes_the_checksum_that_means_none) {
  // The payload is chosen so that everything adds up to 0xffff, the complement of zero.
  byte_vector datagram(10);
  const udp_header header{1, 2};
  header.emit(datagram, pseudo_v4, internet_sum{std::span{datagram}.subspan(8)});
  std::ranges::copy(std::span{datagram}.subspan(6, 2), datagram.begin() + 8);
  header.emit(datagram, pseudo_v4, internet_sum{std::span{datagram}.subspan(8)});
  EXPECT_EQ(load_be16(&datagram[6]), 0xffff);
  EXPECT_TRUE(udp_view::parse(datagram, pseudo_v4));
}

TEST(udp, left_to_an_interface_holds_the_sum_of_the_pseudo_header) {
  auto datagram = hello_v4;
  udp_header{0xbf9d, 53}.emit_for_offload(datagram, pseudo_v4, 5);
  // What the interface does: the sum of all bytes, that in the field included.
  store_be16(&datagram[6], internet_sum{datagram}.checksum());
  EXPECT_EQ(datagram, hello_v4);
}

}  // namespace
}  // namespace pentad::wire
