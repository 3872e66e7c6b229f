// AWAY, ISON, USERHOST (Modern IRC), away-notify, Monitor and extended-monitor (IRCv3).

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/apps/irc_people.hpp"

namespace pentad::messenger::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(away, is_told_to_oneself_and_to_those_who_write) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  EXPECT_THAT(alice.answer("AWAY :At lunch"),
              ElementsAre(":irc.test 306 alice :You have been marked as being away"));
  EXPECT_THAT(bob.answer("PRIVMSG alice :x"), ElementsAre(":irc.test 301 bob alice :At lunch"));
  EXPECT_THAT(bob.answer("NOTICE alice :x"), IsEmpty());
  bob.says("WHOIS alice");
  EXPECT_EQ(bob.hears_first("301"), ":irc.test 301 bob alice :At lunch");
  bob.says("WHO alice");
  EXPECT_EQ(bob.hears_first("352"),
            ":irc.test 352 bob * alice 192.0.2.1 irc.test alice G :0 alice the person");
  alice.hears();
  EXPECT_THAT(alice.answer("AWAY"),
              ElementsAre(":irc.test 305 alice :You are no longer marked as being away"));
  EXPECT_THAT(alice.answer("AWAY :"),
              ElementsAre(":irc.test 305 alice :You are no longer marked as being away"));
  EXPECT_THAT(bob.answer("PRIVMSG alice :x"), IsEmpty());
}

TEST(away, has_a_reason_of_bounded_length) {
  meeting at;
  person& alice = at.arrives("alice");
  alice.says("AWAY :" + std::string(400, 'x'));
  EXPECT_EQ(alice.session().away, std::string(200, 'x'));
}

TEST(away_notify, tells_neighbours_who_asked_and_no_others) {
  meeting at;
  person& alice = at.arrives("alice", "away-notify");
  person& bob = at.arrives("bob", "away-notify");
  person& carol = at.arrives("carol");
  person& dave = at.arrives("dave", "away-notify");
  for (person* one : {&alice, &bob, &carol}) one->says("JOIN #a,#b");
  for (person* one : {&alice, &bob, &carol}) one->hears();
  alice.says("AWAY :x y");
  alice.says("AWAY :x y");
  alice.says("AWAY");
  EXPECT_THAT(bob.hears(),
              ElementsAre(":alice!alice@192.0.2.1 AWAY :x y", ":alice!alice@192.0.2.1 AWAY"));
  EXPECT_THAT(carol.hears(), IsEmpty());
  EXPECT_THAT(dave.hears(), IsEmpty());
}

TEST(away_notify, tells_members_of_those_who_come_away) {
  meeting at;
  person& alice = at.arrives("alice", "away-notify");
  person& bob = at.arrives("bob");
  alice.says("JOIN #a");
  alice.hears();
  bob.says("AWAY :x");
  bob.says("JOIN #a");
  EXPECT_THAT(alice.hears(),
              ElementsAre(":bob!bob@192.0.2.1 JOIN :#a", ":bob!bob@192.0.2.1 AWAY :x"));
}

TEST(ison, names_those_who_are_here) {
  meeting at;
  person& alice = at.arrives("alice");
  at.arrives("bob");
  at.enters().says("NICK carol");
  EXPECT_THAT(alice.answer("ISON BOB carol nobody alice"),
              ElementsAre(":irc.test 303 alice :bob alice"));
  EXPECT_THAT(alice.answer("ISON :nobody  bob"), ElementsAre(":irc.test 303 alice :bob"));
  EXPECT_THAT(alice.answer("ISON nobody"), ElementsAre(":irc.test 303 alice :"));
}

TEST(userhost, tells_hosts_and_who_is_away_of_five_at_most) {
  meeting at;
  person& alice = at.arrives("alice");
  at.arrives("bob").says("AWAY :x");
  EXPECT_THAT(alice.answer("USERHOST ALICE nobody bob"),
              ElementsAre(":irc.test 302 alice :alice=+alice@192.0.2.1 bob=-bob@192.0.2.1"));
  EXPECT_THAT(alice.answer("USERHOST a b c d e alice"), ElementsAre(":irc.test 302 alice :"));
  EXPECT_THAT(alice.answer("USERHOST"),
              ElementsAre(":irc.test 461 alice USERHOST :Not enough parameters"));
}

TEST(monitor, tells_who_is_here_and_who_comes_and_goes) {
  meeting at;
  person& alice = at.arrives("alice");
  at.arrives("bob");
  EXPECT_THAT(alice.answer("MONITOR + bob,Carol,bob"),
              ElementsAre(":irc.test 730 alice :bob!bob@192.0.2.1", ":irc.test 731 alice :Carol"));
  person& carol = at.arrives("carol");
  EXPECT_THAT(alice.hears(), ElementsAre(":irc.test 730 * :carol!carol@192.0.2.1"));
  carol.says("QUIT");
  EXPECT_THAT(alice.hears(), ElementsAre(":irc.test 731 * :carol"));
}

TEST(monitor, follows_nicks_and_not_people) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  alice.says("MONITOR + bob,carol");
  alice.hears();
  bob.says("NICK BOB");
  EXPECT_THAT(alice.hears(), IsEmpty());
  bob.says("NICK carol");
  EXPECT_THAT(alice.hears(),
              ElementsAre(":irc.test 731 * :BOB", ":irc.test 730 * :carol!bob@192.0.2.1"));
}

TEST(monitor, lists_and_forgets) {
  meeting at;
  person& alice = at.arrives("alice");
  at.arrives("bob");
  alice.says("MONITOR + bob,carol,dave");
  alice.hears();
  EXPECT_THAT(alice.answer("MONITOR - BOB,nobody"), IsEmpty());
  EXPECT_THAT(alice.answer("MONITOR L"), ElementsAre(":irc.test 732 alice :carol,dave",
                                                     ":irc.test 733 alice :End of MONITOR list"));
  EXPECT_THAT(alice.answer("MONITOR s"), ElementsAre(":irc.test 731 alice :carol,dave"));
  EXPECT_THAT(alice.answer("MONITOR c"), IsEmpty());
  EXPECT_THAT(alice.answer("MONITOR L"), ElementsAre(":irc.test 733 alice :End of MONITOR list"));
  EXPECT_EQ(at.state().watches().size(), 0U);
}

TEST(monitor, takes_a_hundred_and_no_more) {
  meeting at;
  person& alice = at.arrives("alice");
  for (int i = 0; i < 99; ++i) alice.says("MONITOR + n" + std::to_string(i));
  alice.hears();
  EXPECT_THAT(alice.answer("MONITOR + one,two,three"),
              ElementsAre(":irc.test 731 alice :one",
                          ":irc.test 734 alice 100 two,three :Monitor list is full."));
}

TEST(monitor, ends_with_the_session) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  for (person* one : {&alice, &bob}) one->says("MONITOR + carol,dave");
  alice.goes();
  EXPECT_EQ(at.state().watches().size(), 2U);
  bob.hears();
  at.arrives("carol");
  EXPECT_EQ(bob.hears().size(), 1U);
  bob.goes();
  EXPECT_EQ(at.state().watches().size(), 0U);
}

TEST(extended_monitor, tells_what_neighbours_are_told) {
  meeting at;
  person& alice = at.arrives("alice", "extended-monitor away-notify setname");
  person& bob = at.arrives("bob", "away-notify");
  person& carol = at.arrives("carol");
  for (person* one : {&alice, &bob}) one->says("MONITOR + carol");
  for (person* one : {&alice, &bob}) one->hears();
  carol.says("AWAY :x");
  carol.says("SETNAME :Carol C.");
  EXPECT_THAT(alice.hears(), ElementsAre(":carol!carol@192.0.2.1 AWAY :x",
                                         ":carol!carol@192.0.2.1 SETNAME :Carol C."));
  EXPECT_THAT(bob.hears(), IsEmpty());
  for (person* one : {&alice, &carol}) one->says("JOIN #a");
  alice.hears();
  carol.says("AWAY");
  EXPECT_THAT(alice.hears(), ElementsAre(":carol!carol@192.0.2.1 AWAY"));
}

}  // namespace
}  // namespace pentad::messenger::testing
