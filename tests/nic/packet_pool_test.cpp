#include "pentad/nic/packet_pool.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/nic/frames.hpp"

namespace pentad::test {
namespace {

TEST(packet_pool, gives_small_buffers_for_ethernet_and_large_ones_for_super_segments) {
  packet_pool pool;
  const packet small = pool.take(1514);
  EXPECT_EQ(pool.counters().bytes_in_use, packet_pool::small_buffer);
  const packet large = pool.take(14 + 65535);
  EXPECT_GE(large.tailroom(), 14U + 65535U);
  EXPECT_EQ(pool.counters().bytes_in_use, packet_pool::small_buffer + packet_pool::large_buffer);
}

TEST(packet_pool, gives_all_the_room_that_it_promises) {
  packet_pool pool;
  for (const std::size_t size : {packet_pool::small_frame, packet_pool::large_frame}) {
    packet frame = pool.take(size);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame.tailroom(), size);
    std::ranges::fill(frame.append(size), std::byte{1});
    std::ranges::fill(frame.prepend(packet_pool::headroom), std::byte{2});
  }
}

TEST(packet_pool, refuses_beyond_its_number_of_packets) {
  packet_pool pool({.packets = 2});
  packet first = pool.take(10);
  const packet second = pool.take(10);
  EXPECT_TRUE(second);
  EXPECT_FALSE(pool.take(10));
  EXPECT_EQ(pool.counters().refusals, 1U);

  first = {};
  EXPECT_TRUE(pool.take(10));
}

TEST(packet_pool, refuses_beyond_its_bytes) {
  packet_pool pool({.bytes = packet_pool::large_buffer + packet_pool::small_buffer});
  const packet large = pool.take(packet_pool::large_frame);
  EXPECT_FALSE(pool.take(packet_pool::small_frame + 1));
  const packet small = pool.take(packet_pool::small_frame);
  EXPECT_TRUE(small);
  EXPECT_FALSE(pool.take(1));
  EXPECT_EQ(pool.counters().refusals, 2U);
}

TEST(packet_pool, refuses_what_no_buffer_holds) {
  packet_pool pool;
  EXPECT_FALSE(pool.take(packet_pool::large_frame + 1));
  EXPECT_FALSE(packet_pool({.bytes = 100}).take(1));
}

TEST(packet_pool, remembers_the_most_that_was_in_use) {
  packet_pool pool;
  {
    std::vector<packet> some;
    for (int i = 0; i != 3; ++i) some.push_back(pool.take(1));
  }
  const packet one = pool.take(1);
  EXPECT_EQ(pool.counters().packets_in_use, 1U);
  EXPECT_EQ(pool.counters().peak_packets, 3U);
  EXPECT_EQ(pool.counters().peak_bytes, 3 * packet_pool::small_buffer);
}

TEST(packet_pool, gives_the_buffer_that_came_back_last) {
  packet_pool pool;
  packet first = pool.take(1);
  packet second = pool.take(1);
  const std::byte* const memory = first.bytes().data();
  second = {};
  first = {};
  EXPECT_EQ(pool.take(1).bytes().data(), memory);
}

TEST(packet_pool, gives_used_buffers_as_new) {
  packet_pool pool;
  {
    packet used = packet_of(pool, numbered_frame(1));
    used.set_offload({.checksum = checksum_state::verified});
    used.prepend(20);
  }
  const packet fresh = pool.take(1);
  EXPECT_EQ(fresh.size(), 0U);
  EXPECT_EQ(fresh.headroom(), packet_pool::headroom);
  EXPECT_EQ(fresh.offload(), packet_offload{});
}

TEST(packet_pool, holds_no_more_memory_than_its_limit_when_the_sizes_change) {
  // As many small ones as fit, then as many large ones: free small ones have to go.
  packet_pool pool({.bytes = packet_pool::large_buffer});
  std::vector<packet> small;
  while (packet one = pool.take(1)) small.push_back(std::move(one));
  EXPECT_EQ(small.size(), packet_pool::large_buffer / packet_pool::small_buffer);
  small.clear();
  EXPECT_TRUE(pool.take(packet_pool::large_frame));
  EXPECT_EQ(pool.held_bytes(), packet_pool::large_buffer);
  pool.trim();
  EXPECT_EQ(pool.held_bytes(), 0U);
}

TEST(packet_pool, copies_bytes_and_offload) {
  packet_pool one;
  packet_pool other;
  packet original = packet_of(one, numbered_frame(7, 3000));
  original.set_offload({.checksum = checksum_state::verified});
  const packet copy = other.copy(original);
  EXPECT_EQ(octets_of(copy), octets_of(original));
  EXPECT_EQ(copy.offload(), original.offload());
  EXPECT_EQ(&copy.pool(), &other);
}

}  // namespace
}  // namespace pentad::test
