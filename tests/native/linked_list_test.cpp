// A list that its members can leave from anywhere.
#include "pentad/stack/native/core/linked_list.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace pentad::native::test {
namespace {

struct member {
  int number = 0;
  list_hook<member> hook;
};

class linked_list_of_five : public testing::Test {
 protected:
  linked_list_of_five() {
    for (int i = 0; i < 5; ++i) {
      members_[static_cast<std::size_t>(i)].number = i;
      list_.push_back(members_[static_cast<std::size_t>(i)]);
    }
  }

  std::vector<int> drained() {
    std::vector<int> order;
    while (member* first = list_.pop_front()) order.push_back(first->number);
    return order;
  }

  std::array<member, 5> members_;
  linked_list<member, &member::hook> list_;
};

TEST_F(linked_list_of_five, gives_what_came_first_first) {
  EXPECT_FALSE(list_.empty());
  EXPECT_EQ(drained(), (std::vector{0, 1, 2, 3, 4}));
  EXPECT_TRUE(list_.empty());
  EXPECT_EQ(list_.pop_front(), nullptr);
}

TEST_F(linked_list_of_five, is_left_from_anywhere) {
  for (const std::size_t leaving : {2U, 0U, 4U}) {
    list_.erase(members_[leaving]);
    EXPECT_FALSE(members_[leaving].hook.in_list());
  }
  list_.erase(members_[2]);  // who is in no list cannot leave it
  list_.push_back(members_[4]);
  EXPECT_EQ(drained(), (std::vector{1, 3, 4}));
}

TEST_F(linked_list_of_five, holds_each_once) {
  list_.push_back(members_[1]);
  EXPECT_EQ(drained(), (std::vector{0, 1, 2, 3, 4}));
}

TEST_F(linked_list_of_five, goes_on_after_its_last_has_left) {
  for (member& each : members_) list_.erase(each);
  EXPECT_TRUE(list_.empty());
  list_.push_back(members_[3]);
  list_.push_back(members_[0]);
  EXPECT_EQ(drained(), (std::vector{3, 0}));
}

}  // namespace
}  // namespace pentad::native::test
