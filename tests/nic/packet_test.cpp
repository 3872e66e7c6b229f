#include "pentad/nic/packet.hpp"

#include <gtest/gtest.h>

#include "tests/nic/frames.hpp"

namespace pentad::test {
namespace {

octets bytes(std::initializer_list<int> values) {
  octets made;
  for (const int value : values) made.push_back(static_cast<std::byte>(value));
  return made;
}

TEST(packet, is_a_handle_of_one_pointer) {
  EXPECT_EQ(sizeof(packet), sizeof(void*));
  EXPECT_FALSE(std::is_copy_constructible_v<packet>);
  EXPECT_TRUE(std::is_nothrow_move_constructible_v<packet>);
}

TEST(packet, grows_and_shrinks_at_both_ends) {
  packet_pool pool;
  packet frame = pool.take(100);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame.size(), 0U);

  frame.append(bytes({3, 4, 5}));
  std::ranges::copy(bytes({1, 2}), frame.prepend(2).begin());
  EXPECT_EQ(octets_of(frame), bytes({1, 2, 3, 4, 5}));

  frame.remove_prefix(1);
  frame.truncate(3);
  EXPECT_EQ(octets_of(frame), bytes({2, 3, 4}));
}

TEST(packet, accounts_for_the_room_in_front_and_behind) {
  packet_pool pool;
  packet frame = pool.take(100);
  const std::size_t behind = frame.tailroom();
  EXPECT_EQ(frame.headroom(), packet_pool::headroom);
  EXPECT_GE(behind, 100U);

  frame.append(40);
  frame.prepend(14);
  EXPECT_EQ(frame.headroom(), packet_pool::headroom - 14);
  EXPECT_EQ(frame.tailroom(), behind - 40);

  frame.remove_prefix(20);
  frame.truncate(10);
  EXPECT_EQ(frame.headroom(), packet_pool::headroom + 6);
  EXPECT_EQ(frame.tailroom(), behind - 40 + 24);
}

TEST(packet, moving_leaves_an_empty_handle) {
  packet_pool pool;
  packet first = packet_of(pool, bytes({1}));
  packet second = std::move(first);
  EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(octets_of(second), bytes({1}));

  first = std::move(second);
  EXPECT_EQ(octets_of(first), bytes({1}));
  first = {};
  EXPECT_EQ(pool.counters().packets_in_use, 0U);
}

TEST(packet, carries_its_offload_with_it) {
  packet_pool pool;
  packet frame = pool.take(100);
  EXPECT_EQ(frame.offload(), packet_offload{});

  const packet_offload offload{.checksum = checksum_state::partial,
                               .segment = segmentation::tcp_v4,
                               .checksum_start = 34,
                               .checksum_offset = 16,
                               .segment_size = 1448,
                               .header_size = 66};
  frame.set_offload(offload);
  const packet moved = std::move(frame);
  EXPECT_EQ(moved.offload(), offload);
}

}  // namespace
}  // namespace pentad::test
