// What WHOWAS remembers, in memory of a fixed size.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "apps/messenger/server/nick_history.hpp"

namespace pentad::messenger::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

identity with_real_name(std::string real_name) {
  identity who;
  who.nick = "nick";
  who.user = "user";
  who.host = "host";
  who.real_name = std::move(real_name);
  return who;
}

std::vector<std::string> real_names(const nick_history& of, std::size_t most = 100) {
  std::vector<std::string> all;
  of.visit("NICK", most, [&](const past_identity& one) {
    EXPECT_EQ(one.nick, "nick");
    EXPECT_EQ(one.user, "user");
    EXPECT_EQ(one.host, "host");
    all.emplace_back(one.real_name);
  });
  return all;
}

TEST(nick_history, tells_the_last_first) {
  nick_history past{3};
  EXPECT_THAT(real_names(past), IsEmpty());
  for (const char name : {'a', 'b', 'c', 'd'}) past.add(with_real_name({name}), {});
  EXPECT_THAT(real_names(past), ElementsAre("d", "c", "b"));
  EXPECT_THAT(real_names(past, 1), ElementsAre("d"));
}

TEST(nick_history, forgets_more_for_long_texts) {
  nick_history past{4};
  std::vector<std::string> names;
  for (std::size_t i = 0; i < 500; ++i) {
    names.emplace_back(20 + i * 37 % 211, static_cast<char>('a' + i % 26));
    past.add(with_real_name(names.back()), {});
    const std::vector<std::string> told = real_names(past);
    ASSERT_FALSE(told.empty());
    ASSERT_LE(told.size(), 4U);
    for (std::size_t back = 0; back < told.size(); ++back) {
      ASSERT_EQ(told[back], names[names.size() - 1 - back]);
    }
  }
}

TEST(nick_history, passes_over_what_is_larger_than_all_of_it) {
  nick_history past{2};
  past.add(with_real_name("a"), {});
  past.add(with_real_name(std::string(300, 'x')), {});
  EXPECT_THAT(real_names(past), ElementsAre("a"));
}

}  // namespace
}  // namespace pentad::messenger::testing
