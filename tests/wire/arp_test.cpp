#include "pentad/wire/arp.hpp"

#include <gtest/gtest.h>

#include "tests/wire/bytes.hpp"
#include "tests/wire/linux_frames.hpp"

namespace pentad::wire {
namespace {

const test::byte_vector request = test::bytes_behind(14, test::arp_request_frame);

TEST(arp, reads_a_request_of_linux) {
  const auto view = arp_view::parse(request);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->operation(), arp_operation::request);
  EXPECT_EQ(view->sender_mac(), test::linux_mac);
  EXPECT_EQ(view->sender_ip(), test::linux_v4);
  EXPECT_EQ(view->target_mac(), mac_address{});
  EXPECT_EQ(view->target_ip(), ip_address::v4(10, 9, 0, 77));
}

TEST(arp, writes_a_request_as_linux_does) {
  const arp_packet packet{arp_operation::request, test::linux_mac, test::linux_v4, mac_address{},
                          ip_address::v4(10, 9, 0, 77)};
  test::byte_vector out(arp_packet::size());
  packet.emit(out);
  EXPECT_EQ(out, request);
}

TEST(arp, reads_what_it_writes) {
  test::generator generate;
  for (int i = 0; i != 500; ++i) {
    const arp_packet packet{generate.coin() ? arp_operation::request : arp_operation::reply,
                            generate.mac(), generate.v4(), generate.mac(), generate.v4()};
    test::exact_copy out{test::byte_vector(arp_packet::size())};
    packet.emit(out.span());
    const auto view = arp_view::parse(out.span());
    ASSERT_TRUE(view);
    ASSERT_EQ(view->packet(), packet);
  }
}

TEST(arp, refuses_every_truncation) {
  EXPECT_TRUE(test::refuses_every_truncation(
      request, [](auto part) { return arp_view::parse(part).has_value(); }));
}

TEST(arp, ignores_the_padding_of_the_frame) {
  auto padded = request;
  padded.resize(46, std::byte{0xaa});
  const auto view = arp_view::parse(padded);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->packet(), arp_view::parse(request)->packet());
}

TEST(arp, knows_only_ethernet_and_ipv4_and_two_operations) {
  struct change {
    std::size_t at;
    unsigned value;
  };
  for (const auto& [at, value] : {change{1, 6}, change{2, 0x86}, change{4, 8}, change{5, 16},
                                  change{7, 0}, change{7, 3}, change{6, 1}}) {
    auto packet = request;
    packet[at] = std::byte(value);
    EXPECT_EQ(arp_view::parse(packet).error(), parse_error::unsupported) << at;
  }
}

}  // namespace
}  // namespace pentad::wire
