// JOIN, PART, TOPIC, NAMES.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "tests/apps/irc_people.hpp"

namespace pentad::messenger::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(join, opens_a_channel_and_makes_the_first_its_operator) {
  meeting at;
  person& alice = at.arrives("alice");
  EXPECT_THAT(alice.answer("JOIN #a"),
              ElementsAre(":alice!alice@192.0.2.1 JOIN :#a", ":irc.test 353 alice = #a :@alice",
                          ":irc.test 366 alice #a :End of /NAMES list"));
}

TEST(join, tells_the_members_and_the_newcomer_topic_and_names) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  alice.says("JOIN #a");
  alice.says("TOPIC #a :On birds");
  alice.hears();
  EXPECT_THAT(
      bob.answer("JOIN #A"),
      ElementsAre(":bob!bob@192.0.2.1 JOIN :#a", ":irc.test 332 bob #a :On birds",
                  ":irc.test 333 bob #a alice 1319042451", ":irc.test 353 bob = #a :@alice bob",
                  ":irc.test 366 bob #a :End of /NAMES list"));
  EXPECT_THAT(alice.hears(), ElementsAre(":bob!bob@192.0.2.1 JOIN :#a"));
}

TEST(join, does_nothing_for_those_who_are_there) {
  meeting at;
  person& alice = at.arrives("alice");
  alice.says("JOIN #a");
  alice.hears();
  EXPECT_THAT(alice.answer("JOIN #A"), IsEmpty());
  EXPECT_EQ(at.state().find_channel("#a")->members().size(), 1U);
}

TEST(join, takes_a_list_with_keys) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  alice.says("JOIN #a,#b,#c");
  alice.says("MODE #a +k one");
  alice.says("MODE #c +k three");
  EXPECT_EQ(bob.answer("JOIN #a,#b,#c one,two,three").size(), 9U);
  bob.says("JOIN 0");
  bob.hears();
  EXPECT_THAT(bob.answer("JOIN #a wrong"),
              ElementsAre(":irc.test 475 bob #a :Cannot join channel (+k)"));
  EXPECT_THAT(bob.answer("JOIN #a"), ElementsAre(":irc.test 475 bob #a :Cannot join channel (+k)"));
}

TEST(join, stops_where_the_channel_is_full) {
  meeting at;
  person& alice = at.arrives("alice");
  alice.says("JOIN #a");
  alice.says("MODE #a +l 1");
  EXPECT_THAT(at.arrives("bob").answer("JOIN #a"),
              ElementsAre(":irc.test 471 bob #a :Cannot join channel (+l)"));
}

TEST(join, stops_at_the_number_of_channels_that_is_advertised) {
  meeting at;
  person& alice = at.arrives("alice");
  for (int i = 0; i < 50; ++i) alice.says("JOIN #" + std::to_string(i));
  EXPECT_EQ(alice.session().seats.size(), 50U);
  EXPECT_THAT(alice.answer("JOIN #more"),
              ElementsAre(":irc.test 405 alice #more :You have joined too many channels"));
  alice.says("PART #7");
  alice.says("JOIN #more");
  EXPECT_NE(at.state().find_channel("#more"), nullptr);
}

TEST(join, refuses_names_that_no_channel_can_have) {
  meeting at;
  person& alice = at.arrives("alice");
  EXPECT_THAT(alice.answer("JOIN alice"),
              ElementsAre(":irc.test 403 alice alice :No such channel"));
  EXPECT_THAT(alice.answer("JOIN #" + std::string(64, 'x')),
              ElementsAre(":irc.test 403 alice #" + std::string(64, 'x') + " :No such channel"));
  EXPECT_THAT(alice.answer("JOIN"), ElementsAre(":irc.test 461 alice JOIN :Not enough parameters"));
}

TEST(join_zero, leaves_all_channels) {
  meeting at;
  person& alice = at.arrives("alice");
  alice.says("JOIN #a,#b");
  alice.hears();
  EXPECT_THAT(alice.answer("JOIN 0"),
              ElementsAre(":alice!alice@192.0.2.1 PART #b", ":alice!alice@192.0.2.1 PART #a"));
  EXPECT_EQ(at.state().channels().size(), 0U);
}

TEST(part, is_told_to_all_members_with_the_reason_if_there_is_one) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  for (person* one : {&alice, &bob}) one->says("JOIN #a,#b");
  alice.hears();
  bob.hears();
  EXPECT_THAT(alice.answer("PART #a"), ElementsAre(":alice!alice@192.0.2.1 PART #a"));
  EXPECT_THAT(alice.answer("PART #b :Good night"),
              ElementsAre(":alice!alice@192.0.2.1 PART #b :Good night"));
  EXPECT_THAT(bob.hears(), ElementsAre(":alice!alice@192.0.2.1 PART #a",
                                       ":alice!alice@192.0.2.1 PART #b :Good night"));
}

TEST(part, takes_a_list_and_says_where_there_was_nothing_to_leave) {
  meeting at;
  person& alice = at.arrives("alice");
  at.arrives("bob").says("JOIN #b");
  alice.says("JOIN #a");
  alice.hears();
  EXPECT_THAT(alice.answer("PART #a,#b,#c :x"),
              ElementsAre(":alice!alice@192.0.2.1 PART #a :x",
                          ":irc.test 442 alice #b :You're not on that channel",
                          ":irc.test 403 alice #c :No such channel"));
  EXPECT_THAT(alice.answer("PART"), ElementsAre(":irc.test 461 alice PART :Not enough parameters"));
}

TEST(part, of_the_last_member_ends_the_channel_with_all_its_settings) {
  meeting at;
  person& alice = at.arrives("alice");
  alice.says("JOIN #a");
  alice.says("TOPIC #a :x");
  alice.says("MODE #a +k key");
  alice.says("PART #a");
  EXPECT_EQ(at.state().channels().size(), 0U);
  person& bob = at.arrives("bob");
  EXPECT_THAT(bob.answer("JOIN #a"),
              ElementsAre(":bob!bob@192.0.2.1 JOIN :#a", ":irc.test 353 bob = #a :@bob",
                          ":irc.test 366 bob #a :End of /NAMES list"));
}

TEST(topic, is_set_for_all_members_and_told_to_those_who_ask) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  for (person* one : {&alice, &bob}) one->says("JOIN #a");
  alice.hears();
  bob.hears();
  EXPECT_THAT(alice.answer("TOPIC #a"), ElementsAre(":irc.test 331 alice #a :No topic is set"));
  EXPECT_THAT(alice.answer("TOPIC #a :On birds"),
              ElementsAre(":alice!alice@192.0.2.1 TOPIC #a :On birds"));
  EXPECT_THAT(bob.hears(), ElementsAre(":alice!alice@192.0.2.1 TOPIC #a :On birds"));
  EXPECT_THAT(bob.answer("TOPIC #a"), ElementsAre(":irc.test 332 bob #a :On birds",
                                                  ":irc.test 333 bob #a alice 1319042451"));
}

TEST(topic, is_cleared_by_an_empty_one) {
  meeting at;
  person& alice = at.arrives("alice");
  alice.says("JOIN #a");
  alice.says("TOPIC #a :x");
  alice.hears();
  EXPECT_THAT(alice.answer("TOPIC #a :"), ElementsAre(":alice!alice@192.0.2.1 TOPIC #a :"));
  EXPECT_THAT(alice.answer("TOPIC #a"), ElementsAre(":irc.test 331 alice #a :No topic is set"));
}

TEST(topic, is_protected_until_the_operator_says_otherwise) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  for (person* one : {&alice, &bob}) one->says("JOIN #a");
  bob.hears();
  EXPECT_THAT(bob.answer("TOPIC #a :x"),
              ElementsAre(":irc.test 482 bob #a :You're not channel operator"));
  alice.says("MODE #a -t");
  bob.hears();
  EXPECT_THAT(bob.answer("TOPIC #a :x"), ElementsAre(":bob!bob@192.0.2.1 TOPIC #a :x"));
}

TEST(topic, belongs_to_the_members) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  alice.says("JOIN #a");
  EXPECT_THAT(bob.answer("TOPIC #a :x"),
              ElementsAre(":irc.test 442 bob #a :You're not on that channel"));
  EXPECT_THAT(bob.answer("TOPIC #a"), ElementsAre(":irc.test 331 bob #a :No topic is set"));
  alice.says("MODE #a +s");
  EXPECT_THAT(bob.answer("TOPIC #a"),
              ElementsAre(":irc.test 442 bob #a :You're not on that channel"));
  EXPECT_THAT(bob.answer("TOPIC #b"), ElementsAre(":irc.test 403 bob #b :No such channel"));
  EXPECT_THAT(bob.answer("TOPIC"), ElementsAre(":irc.test 461 bob TOPIC :Not enough parameters"));
}

TEST(topic, is_cut_at_the_advertised_length_between_characters) {
  meeting at;
  person& alice = at.arrives("alice");
  alice.says("JOIN #a");
  std::string euros;
  for (int i = 0; i < 140; ++i) euros += "\u20ac";
  alice.says("TOPIC #a :x" + euros);
  EXPECT_EQ(at.state().find_channel("#a")->topic.text, ("x" + euros).substr(0, 388));
}

TEST(names, lists_the_members_with_their_rank) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  person& carol = at.arrives("carol");
  for (person* one : {&alice, &bob, &carol}) one->says("JOIN #a");
  alice.says("MODE #a +v bob");
  EXPECT_THAT(carol.answer("NAMES #A"), ElementsAre(":irc.test 353 carol = #a :@alice +bob carol",
                                                    ":irc.test 366 carol #a :End of /NAMES list"));
}

TEST(names, ends_at_once_where_there_is_nothing_to_see) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  EXPECT_THAT(alice.answer("NAMES #a"), ElementsAre(":irc.test 366 alice #a :End of /NAMES list"));
  EXPECT_THAT(alice.answer("NAMES"), ElementsAre(":irc.test 366 alice * :End of /NAMES list"));
  bob.says("JOIN #a");
  bob.says("MODE #a +s");
  EXPECT_THAT(alice.answer("NAMES #a"), ElementsAre(":irc.test 366 alice #a :End of /NAMES list"));
  bob.hears();
  EXPECT_THAT(bob.answer("NAMES #a"), ElementsAre(":irc.test 353 bob @ #a :@bob",
                                                  ":irc.test 366 bob #a :End of /NAMES list"));
}

TEST(names, hides_invisible_people_from_outsiders) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  person& carol = at.arrives("carol");
  for (person* one : {&alice, &bob}) one->says("JOIN #a");
  bob.says("MODE bob +i");
  EXPECT_THAT(carol.answer("NAMES #a"), ElementsAre(":irc.test 353 carol = #a :@alice",
                                                    ":irc.test 366 carol #a :End of /NAMES list"));
}

TEST(names, takes_as_many_lines_as_it_needs) {
  meeting at;
  std::set<std::string> expected;
  for (int i = 0; i < 200; ++i) {
    const std::string nick = "member_" + std::to_string(i);
    at.arrives(nick).says("JOIN #a");
    expected.insert(i == 0 ? "@" + nick : nick);
  }
  person& alice = at.arrives("alice");
  std::set<std::string> listed;
  const lines answer = alice.answer("NAMES #a");
  for (const std::string& line : answer) {
    EXPECT_LE(line.size() + 2, 512U);
    const auto read = irc::parse(line);
    if (read->command != "353") continue;
    std::istringstream names{std::string{read->parameters[3]}};
    for (std::string name; names >> name;) listed.insert(name);
  }
  EXPECT_EQ(listed, expected);
  EXPECT_EQ(answer.back(), ":irc.test 366 alice #a :End of /NAMES list");
  EXPECT_LE(answer.size(), 7U);
}

}  // namespace
}  // namespace pentad::messenger::testing
