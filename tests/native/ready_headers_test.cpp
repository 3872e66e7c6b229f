#include "pentad/stack/native/core/ready_headers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace pentad::native {
namespace {

constexpr mac_address here{2, 0, 0, 0, 0, 1};
constexpr mac_address there{2, 0, 0, 0, 0, 2};

// What the headers are put before, which nobody reads.
packet payload_of(std::size_t size, packet_pool& pool) {
  packet made = pool.take(size);
  std::ranges::fill(made.append(size), std::byte{0x5a});
  return made;
}

TEST(ready_headers, of_ipv4_differ_by_length_and_number) {
  const auto from = ip_address::v4(10, 9, 0, 1);
  const auto to = ip_address::v4(10, 9, 255, 2);
  const ready_headers ready(here, there, from, to,
                            {.protocol = ip_protocol::udp,
                             .time_to_live = 17,
                             .traffic_class = 0xb9,
                             .dont_fragment = true});
  packet_pool pool;
  for (const std::size_t size : {0U, 1U, 64U, 1480U, 40000U}) {
    for (const auto number : std::to_array<std::uint16_t>({0, 1, 0x1234, 0xffff})) {
      packet made = payload_of(size, pool);
      ready.put_before(made, number);
      ASSERT_EQ(made.size(), size + ready.size());
      const auto frame = wire::ethernet_view::parse(std::as_const(made).bytes());
      ASSERT_TRUE(frame);
      EXPECT_EQ(frame->header(), (wire::ethernet_header{there, here, wire::ethertype::ipv4}));
      const auto view = wire::ipv4_view::parse(frame->payload());
      ASSERT_TRUE(view) << size << ' ' << number;
      EXPECT_EQ(view->header(),
                (wire::ipv4_header{.source = from,
                                   .destination = to,
                                   .protocol = ip_protocol::udp,
                                   .time_to_live = 17,
                                   .traffic_class = 0xb9,
                                   .identification = number,
                                   .dont_fragment = true,
                                   .payload_size = static_cast<std::uint16_t>(size)}));
    }
  }
}

TEST(ready_headers, of_ipv6_differ_by_length) {
  const auto from = ip_address::v6({std::byte{0x20}, std::byte{0x01}}, 3);
  const auto to = ip_address::v6({std::byte{0xfe}, std::byte{0x80}}, 3);
  const ready_headers ready(
      here, there, from, to,
      {.protocol = ip_protocol::tcp, .time_to_live = 255, .traffic_class = 2});
  packet_pool pool;
  for (const std::size_t size : {0U, 20U, 1440U, 60000U}) {
    packet made = payload_of(size, pool);
    ready.put_before(made, 0);
    const auto frame = wire::ethernet_view::parse(std::as_const(made).bytes());
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->header(), (wire::ethernet_header{there, here, wire::ethertype::ipv6}));
    const auto view = wire::ipv6_view::parse(frame->payload());
    ASSERT_TRUE(view);
    EXPECT_EQ(view->source().bytes()[0], std::byte{0x20});
    EXPECT_EQ(view->destination().bytes()[0], std::byte{0xfe});
    EXPECT_EQ(view->hop_limit(), 255);
    EXPECT_EQ(view->traffic_class(), 2);
    EXPECT_EQ(view->payload_length(), size);
  }
}

TEST(ready_headers, are_for_packets_that_agree_in_all_but_length) {
  const ready_headers::kind of{.protocol = ip_protocol::tcp, .time_to_live = 64};
  EXPECT_FALSE(ready_headers().are_for(of));
  EXPECT_FALSE(ready_headers().are_for({}));
  const ready_headers ready(here, there, ip_address::v4(10, 9, 0, 1), ip_address::v4(10, 9, 0, 2),
                            of);
  EXPECT_TRUE(ready.are_for(of));
  for (const ready_headers::kind other :
       {ready_headers::kind{.protocol = ip_protocol::udp, .time_to_live = 64},
        ready_headers::kind{.protocol = ip_protocol::tcp, .time_to_live = 63},
        ready_headers::kind{.protocol = ip_protocol::tcp, .time_to_live = 64, .traffic_class = 2},
        ready_headers::kind{
            .protocol = ip_protocol::tcp, .time_to_live = 64, .dont_fragment = true}}) {
    EXPECT_FALSE(ready.are_for(other));
  }
}

}  // namespace
}  // namespace pentad::native
