#include "pentad/nic/packet_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/nic/frames.hpp"

namespace pentad::test {
namespace {

using testing::ElementsAre;

class packet_queues : public testing::Test {
 protected:
  packet frame(std::uint32_t number, std::size_t size = 60) {
    return packet_of(pool_, numbered_frame(number, size));
  }

  packet_queue queue_of(std::initializer_list<std::uint32_t> numbers) {
    packet_queue queue;
    for (const std::uint32_t number : numbers) queue.push(frame(number));
    return queue;
  }

  static std::vector<std::uint32_t> emptied(packet_queue& queue) {
    std::vector<std::uint32_t> numbers;
    while (packet one = queue.pop()) numbers.push_back(number_of(one.bytes()));
    return numbers;
  }

  packet_pool pool_;
};

TEST_F(packet_queues, first_in_is_first_out) {
  packet_queue queue = queue_of({1, 2});
  EXPECT_EQ(number_of(queue.pop().bytes()), 1U);
  queue.push(frame(3));
  EXPECT_THAT(emptied(queue), ElementsAre(2, 3));
  EXPECT_FALSE(queue.pop());
  queue.push(frame(4));
  EXPECT_THAT(emptied(queue), ElementsAre(4));
}

TEST_F(packet_queues, count_packets_and_bytes) {
  packet_queue queue;
  EXPECT_TRUE(queue.empty());
  queue.push(frame(1, 60));
  queue.push(frame(2, 1514));
  EXPECT_EQ(queue.count(), 2U);
  EXPECT_EQ(queue.bytes(), 60U + 1514U);
  EXPECT_TRUE(queue.pop());
  EXPECT_EQ(queue.count(), 1U);
  EXPECT_EQ(queue.bytes(), 1514U);
}

TEST_F(packet_queues, take_back_what_was_popped) {
  packet_queue queue = queue_of({1, 2});
  queue.push_front(queue.pop());
  EXPECT_EQ(queue.bytes(), 120U);
  EXPECT_THAT(emptied(queue), ElementsAre(1, 2));
  queue.push_front(frame(3));
  queue.push(frame(4));
  EXPECT_THAT(emptied(queue), ElementsAre(3, 4));
}

TEST_F(packet_queues, take_over_another_queue) {
  packet_queue queue = queue_of({1});
  packet_queue more = queue_of({2, 3});
  packet_queue none;
  queue.append(more);
  queue.append(none);
  EXPECT_TRUE(more.empty());
  EXPECT_EQ(queue.count(), 3U);
  EXPECT_EQ(queue.bytes(), 180U);
  none.append(queue);
  EXPECT_THAT(emptied(none), ElementsAre(1, 2, 3));
}

TEST_F(packet_queues, give_the_packets_back_when_they_die) {
  {
    packet_queue queue = queue_of({1, 2});
    const packet_queue moved = std::move(queue);
    EXPECT_EQ(pool_.counters().packets_in_use, 2U);
  }
  EXPECT_EQ(pool_.counters().packets_in_use, 0U);
}

}  // namespace
}  // namespace pentad::test
