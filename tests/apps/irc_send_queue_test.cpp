#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "apps/messenger/server/line_joiner.hpp"
#include "apps/messenger/server/send_queue.hpp"

namespace pentad::messenger {
namespace {

constexpr std::size_t no_limit = 1'000'000;

std::string_view text_of(const send_batch& batch) {
  return {reinterpret_cast<const char*>(batch.bytes().data()), batch.bytes().size()};
}

TEST(send_queue_, gives_several_lines_in_one_piece) {
  send_queue queue;
  line_joiner joiner;
  send_batch batch;
  for (const std::string_view line : {"a\r\n", "bc\r\n", "def\r\n"}) {
    ASSERT_TRUE(queue.push(shared_line{line}, no_limit));
  }
  ASSERT_TRUE(queue.take(batch, joiner));
  EXPECT_EQ(text_of(batch), "a\r\nbc\r\ndef\r\n");
  EXPECT_EQ(queue.bytes(), 12U);
  EXPECT_FALSE(queue.take(batch, joiner));
  EXPECT_EQ(queue.bytes(), 0U);
}

TEST(send_queue_, gives_those_who_wait_for_the_same_lines_the_same_piece) {
  const shared_line first{"first\r\n"};
  const shared_line second{"second\r\n"};
  line_joiner joiner;
  send_queue ann;
  send_queue bob;
  send_queue cid;
  for (send_queue* each : {&ann, &bob}) {
    ASSERT_TRUE(each->push(first, no_limit));
    ASSERT_TRUE(each->push(second, no_limit));
  }
  ASSERT_TRUE(cid.push(second, no_limit));
  ASSERT_TRUE(cid.push(first, no_limit));
  send_batch for_ann;
  send_batch for_bob;
  send_batch for_cid;
  ASSERT_TRUE(ann.take(for_ann, joiner));
  ASSERT_TRUE(bob.take(for_bob, joiner));
  ASSERT_TRUE(cid.take(for_cid, joiner));
  EXPECT_EQ(for_ann.bytes().data(), for_bob.bytes().data());
  EXPECT_EQ(text_of(for_bob), "first\r\nsecond\r\n");
  EXPECT_EQ(text_of(for_cid), "second\r\nfirst\r\n");
}

TEST(send_queue_, gives_equal_lines_that_are_not_the_same_their_own_piece) {
  line_joiner joiner;
  send_queue queue;
  send_batch batch;
  for (const std::string_view text : {"old\r\n", "new\r\n"}) {
    ASSERT_TRUE(queue.push(shared_line{text}, no_limit));
    ASSERT_TRUE(queue.push(shared_line{text}, no_limit));
    ASSERT_TRUE(queue.take(batch, joiner));
    EXPECT_EQ(text_of(batch), std::string{text} + std::string{text});
  }
}

}  // namespace
}  // namespace pentad::messenger
