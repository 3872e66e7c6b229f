// PRIVMSG and NOTICE.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/apps/irc_people.hpp"

namespace pentad::messenger::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(privmsg, goes_to_the_other_members_of_a_channel) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  person& carol = at.arrives("carol");
  for (person* one : {&alice, &bob}) one->says("JOIN #a");
  alice.hears();
  bob.hears();
  EXPECT_THAT(alice.answer("PRIVMSG #A :Hello, people"), IsEmpty());
  EXPECT_THAT(bob.hears(), ElementsAre(":alice!alice@192.0.2.1 PRIVMSG #a :Hello, people"));
  EXPECT_THAT(carol.hears(), IsEmpty());
}

TEST(privmsg, goes_to_one_person) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  EXPECT_THAT(alice.answer("PRIVMSG BOB hello"), IsEmpty());
  EXPECT_THAT(bob.hears(), ElementsAre(":alice!alice@192.0.2.1 PRIVMSG bob :hello"));
}

TEST(privmsg, keeps_the_text_as_it_is) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  for (const std::string text : {":)", " leading and trailing ", "caf\u00e9",
                                 "\x01"
                                 "ACTION waves\x01",
                                 "\x02"
                                 "bold\x0f",
                                 "a:b :c"}) {
    alice.says("PRIVMSG bob :" + text);
    EXPECT_THAT(bob.hears(), ElementsAre(":alice!alice@192.0.2.1 PRIVMSG bob :" + text));
  }
}

TEST(privmsg, goes_to_several_targets) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  person& carol = at.arrives("carol");
  for (person* one : {&alice, &carol}) one->says("JOIN #a");
  carol.hears();
  alice.hears();
  EXPECT_THAT(alice.answer("PRIVMSG bob,#a,nobody :hi"),
              ElementsAre(":irc.test 401 alice nobody :No such nick/channel"));
  EXPECT_THAT(bob.hears(), ElementsAre(":alice!alice@192.0.2.1 PRIVMSG bob :hi"));
  EXPECT_THAT(carol.hears(), ElementsAre(":alice!alice@192.0.2.1 PRIVMSG #a :hi"));
}

TEST(privmsg, goes_to_nobody_when_there_are_more_targets_than_advertised) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  EXPECT_THAT(alice.answer("PRIVMSG bob,b,c,d,e :hi"),
              ElementsAre(":irc.test 407 alice bob,b,c,d,e :Too many targets"));
  EXPECT_THAT(bob.hears(), IsEmpty());
}

TEST(privmsg, needs_a_target_and_a_text) {
  meeting at;
  person& alice = at.arrives("alice");
  EXPECT_THAT(alice.answer("PRIVMSG"),
              ElementsAre(":irc.test 411 alice :No recipient given (PRIVMSG)"));
  EXPECT_THAT(alice.answer("PRIVMSG alice"), ElementsAre(":irc.test 412 alice :No text to send"));
  EXPECT_THAT(alice.answer("PRIVMSG alice :"), ElementsAre(":irc.test 412 alice :No text to send"));
}

TEST(privmsg, needs_somebody_who_is_there) {
  meeting at;
  person& alice = at.arrives("alice");
  at.enters().says("NICK half");
  EXPECT_THAT(alice.answer("PRIVMSG half :x"),
              ElementsAre(":irc.test 401 alice half :No such nick/channel"));
  EXPECT_THAT(alice.answer("PRIVMSG #a :x"),
              ElementsAre(":irc.test 401 alice #a :No such nick/channel"));
}

TEST(privmsg, from_outside_needs_a_channel_that_allows_it) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  alice.says("JOIN #a");
  EXPECT_THAT(bob.answer("PRIVMSG #a :x"),
              ElementsAre(":irc.test 404 bob #a :Cannot send to channel"));
  alice.says("MODE #a -n");
  alice.hears();
  EXPECT_THAT(bob.answer("PRIVMSG #a :x"), IsEmpty());
  EXPECT_THAT(alice.hears(), ElementsAre(":bob!bob@192.0.2.1 PRIVMSG #a :x"));
}

TEST(privmsg, on_a_moderated_channel_needs_a_rank) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  for (person* one : {&alice, &bob}) one->says("JOIN #a");
  alice.says("MODE #a +m");
  EXPECT_THAT(alice.answer("PRIVMSG #a :x"), IsEmpty());
  bob.hears();
  EXPECT_THAT(bob.answer("PRIVMSG #a :x"),
              ElementsAre(":irc.test 404 bob #a :Cannot send to channel"));
  alice.says("MODE #a +v bob");
  bob.hears();
  EXPECT_THAT(bob.answer("PRIVMSG #a :x"), IsEmpty());
}

TEST(privmsg, is_cut_where_the_source_leaves_no_room) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  alice.says("PRIVMSG bob :" + std::string(510 - 13, 'x'));
  const lines heard = bob.hears();
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].size(), 510U);
}

TEST(notice, is_delivered_like_a_message) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  for (person* one : {&alice, &bob}) one->says("JOIN #a");
  bob.hears();
  alice.says("NOTICE #a :one");
  alice.says("NOTICE bob :two");
  EXPECT_THAT(bob.hears(), ElementsAre(":alice!alice@192.0.2.1 NOTICE #a :one",
                                       ":alice!alice@192.0.2.1 NOTICE bob :two"));
}

TEST(notice, is_never_answered) {
  meeting at;
  person& alice = at.arrives("alice");
  at.arrives("bob").says("JOIN #a");
  for (const std::string_view line : {"NOTICE", "NOTICE bob", "NOTICE nobody :x", "NOTICE #a :x",
                                      "NOTICE #b :x", "NOTICE a,b,c,d,e :x"}) {
    EXPECT_THAT(alice.answer(line), IsEmpty()) << line;
  }
}

}  // namespace
}  // namespace pentad::messenger::testing
