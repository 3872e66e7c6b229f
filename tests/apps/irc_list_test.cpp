// LIST, with the conditions of ELIST=CMNTU.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/apps/irc_people.hpp"

namespace pentad::messenger::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

const std::string start = ":irc.test 321 carol Channel :Users  Name";
const std::string end = ":irc.test 323 carol :End of /LIST";

/// #bees with two members and a topic, #cats with one, and carol who asks.
class list : public ::testing::Test {
 protected:
  list() {
    alice.says("JOIN #bees");
    bob.says("JOIN #bees,#cats");
    alice.says("TOPIC #bees :Buzz buzz");
  }

  lines told(std::string_view conditions) {
    lines all = carol.answer("LIST " + std::string{conditions});
    EXPECT_EQ(all.front(), start);
    EXPECT_EQ(all.back(), end);
    return {all.begin() + 1, all.end() - 1};
  }

  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  person& carol = at.arrives("carol");
  const std::string bees = ":irc.test 322 carol #bees 2 :Buzz buzz";
  const std::string cats = ":irc.test 322 carol #cats 1 :";
};

TEST_F(list, tells_all_channels_with_members_and_topics) {
  EXPECT_THAT(told(""), UnorderedElementsAre(bees, cats));
}

TEST_F(list, takes_names) {
  EXPECT_THAT(told("#CATS,#dogs"), ElementsAre(cats));
  EXPECT_THAT(told("#cats,#bees"), ElementsAre(cats, bees));
}

TEST_F(list, hides_secret_channels_from_outsiders) {
  alice.says("MODE #bees +s");
  EXPECT_THAT(told(""), ElementsAre(cats));
  EXPECT_THAT(told("#bees"), ElementsAre());
  carol.says("JOIN #bees");
  carol.hears();
  EXPECT_EQ(told("#bees").size(), 1U);
}

TEST_F(list, has_conditions_on_the_number_of_members) {
  EXPECT_THAT(told(">1"), ElementsAre(bees));
  EXPECT_THAT(told("<2"), ElementsAre(cats));
  EXPECT_THAT(told(">0,<2"), ElementsAre(cats));
}

TEST_F(list, has_conditions_on_the_name) {
  EXPECT_THAT(told("*ee*"), ElementsAre(bees));
  EXPECT_THAT(told("!*ee*"), ElementsAre(cats));
}

TEST_F(list, has_conditions_on_the_minutes_since_channel_and_topic_were_made) {
  at.passes(100s);
  for (person* one : {&alice, &carol}) one->says("PONG");
  bob.says("TOPIC #cats :Purr");
  at.passes(100s);
  const std::string purring = ":irc.test 322 carol #cats 1 :Purr";
  EXPECT_THAT(told("C>2"), UnorderedElementsAre(bees, purring));
  EXPECT_THAT(told("C<3"), ElementsAre());
  EXPECT_THAT(told("T<3"), ElementsAre(purring));
  EXPECT_THAT(told("T>2"), ElementsAre(bees));
}

TEST_F(list, is_cut_short_for_those_who_do_not_read_it) {
  configuration settings = meeting::unlimited();
  settings.limit.send_queue = 20'000;
  settings.limit.channels_per_client = 1000;
  meeting narrow{settings};
  person& dave = narrow.arrives("dave");
  for (int i = 0; i < 500; ++i) {
    dave.says("JOIN #" + std::to_string(i));
    dave.hears();
  }
  const lines all = dave.answer("LIST");
  EXPECT_LT(all.size(), 500U);
  EXPECT_GT(all.size(), 200U);
  EXPECT_EQ(all[all.size() - 2], ":irc.test 416 dave LIST :Output too long: ask for less");
  EXPECT_FALSE(dave.session().closing());
}

}  // namespace
}  // namespace pentad::messenger::testing
