// What is particular to memory links; what they have in common with all NICs is in
// nic_conformance_test.cpp.
#include "pentad/nic/memory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/nic/frames.hpp"

namespace pentad::test {
namespace {

TEST(memory_link, gives_each_end_an_address_of_its_own) {
  packet_pool pool;
  memory_link link(pool, pool);
  EXPECT_NE(link.first().address(), link.second().address());
  EXPECT_FALSE(link.first().address().is_multicast());
}

TEST(memory_link, copies_each_frame_once_between_two_pools) {
  packet_pool mine;
  packet_pool yours;
  memory_link link(mine, yours);
  EXPECT_TRUE(transmit_one(link.first(), packet_of(mine, numbered_frame(1))));
  EXPECT_EQ(mine.counters().packets_in_use, 0U);
  EXPECT_EQ(yours.counters().packets_in_use, 1U);

  packet received;
  ASSERT_EQ(link.second().receive({&received, 1}), 1U);
  EXPECT_EQ(&received.pool(), &yours);
  EXPECT_EQ(octets_of(received), numbered_frame(1));
}

TEST(memory_link, hands_the_buffer_over_within_one_pool) {
  packet_pool pool;
  memory_link link(pool, pool);
  packet sent = packet_of(pool, numbered_frame(1));
  const std::byte* const memory = sent.bytes().data();
  EXPECT_TRUE(transmit_one(link.first(), std::move(sent)));
  packet received;
  ASSERT_EQ(link.second().receive({&received, 1}), 1U);
  EXPECT_EQ(received.bytes().data(), memory);
}

constexpr packet_offload super{.checksum = checksum_state::partial,
                               .segment = segmentation::tcp_v4,
                               .checksum_start = 34,
                               .checksum_offset = 16,
                               .segment_size = 1448,
                               .header_size = 66};

TEST(memory_link, passes_super_segments_untouched_where_offloading) {
  packet_pool mine;
  packet_pool yours;
  memory_link link(mine, yours, memory_link_options::offloading());
  packet sent = packet_of(mine, numbered_frame(1, 14 + 65535));
  sent.set_offload(super);
  EXPECT_TRUE(transmit_one(link.first(), std::move(sent)));

  packet received;
  ASSERT_EQ(link.second().receive({&received, 1}), 1U);
  EXPECT_EQ(octets_of(received), numbered_frame(1, 14 + 65535));
  EXPECT_EQ(received.offload(), super);
}

TEST(memory_link, drops_what_a_plain_wire_cannot_carry) {
  packet_pool pool;
  memory_link link(pool, pool);
  packet partial = packet_of(pool, numbered_frame(1));
  partial.set_offload({.checksum = checksum_state::partial});
  packet segments = packet_of(pool, numbered_frame(2, 3000));
  segments.set_offload({.segment = segmentation::udp});
  EXPECT_TRUE(transmit_one(link.first(), std::move(partial)));
  EXPECT_TRUE(transmit_one(link.first(), std::move(segments)));
  EXPECT_TRUE(receive_all(link.second()).empty());
  EXPECT_EQ(link.first().counters().transmit_drops, 2U);
  EXPECT_EQ(pool.counters().packets_in_use, 0U);
}

TEST(memory_link, believes_no_sender_that_says_verified) {
  packet_pool pool;
  memory_link link(pool, pool);
  packet sent = packet_of(pool, numbered_frame(1));
  sent.set_offload({.checksum = checksum_state::verified});
  EXPECT_TRUE(transmit_one(link.first(), std::move(sent)));
  packet received;
  ASSERT_EQ(link.second().receive({&received, 1}), 1U);
  EXPECT_EQ(received.offload(), packet_offload{});
}

TEST(memory_link, bounds_the_bytes_on_the_way) {
  packet_pool pool;
  memory_link link(pool, pool, {.queue_frames = 100, .queue_bytes = 2000});
  EXPECT_TRUE(transmit_one(link.first(), packet_of(pool, numbered_frame(1, 1514))));
  packet too_much = packet_of(pool, numbered_frame(2, 1514));
  EXPECT_EQ(link.first().transmit({&too_much, 1}), 0U);
  EXPECT_TRUE(too_much);
}

TEST(memory_link, has_room_for_any_frame_when_empty) {
  packet_pool pool;
  memory_link link(pool, pool, {.queue_frames = 100, .queue_bytes = 100});
  EXPECT_TRUE(transmit_one(link.first(), packet_of(pool, numbered_frame(1, 1514))));
}

TEST(memory_link, wakes_the_sender_when_half_of_the_queue_is_free) {
  packet_pool pool;
  memory_link link(pool, pool, {.queue_frames = 4});
  counting_ready ready;
  link.first().set_ready(&ready);
  for (std::uint32_t i = 0; i != 4; ++i) {
    EXPECT_TRUE(transmit_one(link.first(), packet_of(pool, numbered_frame(i))));
  }
  EXPECT_FALSE(transmit_one(link.first(), packet_of(pool, numbered_frame(4))));

  packet received;
  EXPECT_EQ(link.second().receive({&received, 1}), 1U);
  EXPECT_EQ(ready.transmittable_calls, 0);
  EXPECT_EQ(link.second().receive({&received, 1}), 1U);
  EXPECT_EQ(ready.transmittable_calls, 1);
  EXPECT_EQ(link.second().receive({&received, 1}), 1U);
  EXPECT_EQ(ready.transmittable_calls, 1);
}

TEST(memory_link, keeps_its_directions_apart) {
  packet_pool pool;
  memory_link link(pool, pool, {.queue_frames = 1});
  EXPECT_TRUE(transmit_one(link.first(), packet_of(pool, numbered_frame(1))));
  EXPECT_FALSE(transmit_one(link.first(), packet_of(pool, numbered_frame(2))));
  EXPECT_TRUE(transmit_one(link.second(), packet_of(pool, numbered_frame(3))));
  EXPECT_THAT(receive_all(link.first()), testing::ElementsAre(numbered_frame(3)));
  EXPECT_THAT(receive_all(link.second()), testing::ElementsAre(numbered_frame(1)));
}

}  // namespace
}  // namespace pentad::test
