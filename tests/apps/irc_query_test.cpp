// WHO and WHOIS.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/apps/irc_people.hpp"

namespace pentad::messenger::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

TEST(who, lists_the_members_of_a_channel) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  for (person* one : {&alice, &bob}) one->says("JOIN #a");
  EXPECT_THAT(
      at.arrives("carol").answer("WHO #A"),
      ElementsAre(":irc.test 352 carol #a alice 192.0.2.1 irc.test alice H@ :0 alice the person",
                  ":irc.test 352 carol #a bob 192.0.2.1 irc.test bob H :0 bob the person",
                  ":irc.test 315 carol #A :End of WHO list"));
}

TEST(who, finds_a_person_by_the_exact_nick) {
  meeting at;
  person& alice = at.arrives("alice");
  alice.says("MODE alice +i");
  EXPECT_THAT(
      at.arrives("bob").answer("WHO ALICE"),
      ElementsAre(":irc.test 352 bob * alice 192.0.2.1 irc.test alice H :0 alice the person",
                  ":irc.test 315 bob ALICE :End of WHO list"));
}

TEST(who, finds_visible_people_by_a_mask) {
  meeting at;
  person& alice = at.arrives("alice");
  person& alan = at.arrives("alan");
  at.arrives("bob");
  at.enters().says("NICK alien");
  const std::string about_alice =
      ":irc.test 352 alice * alice 192.0.2.1 irc.test alice H :0 alice the person";
  const std::string about_alan =
      ":irc.test 352 alice * alan 192.0.2.1 irc.test alan H :0 alan the person";
  const std::string end = ":irc.test 315 alice al* :End of WHO list";
  EXPECT_THAT(alice.answer("WHO al*"), UnorderedElementsAre(about_alice, about_alan, end));
  alan.says("MODE alan +i");
  EXPECT_THAT(alice.answer("WHO al*"), ElementsAre(about_alice, end));
  for (person* one : {&alice, &alan}) one->says("JOIN #a");
  EXPECT_THAT(alice.answer("WHO al*"), UnorderedElementsAre(about_alice, about_alan, end));
  EXPECT_EQ(alice.answer("WHO *the?person").size(), 4U);
  EXPECT_EQ(alice.answer("WHO").size(), 4U);
}

TEST(who, hides_secret_channels_and_invisible_members_from_outsiders) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  person& carol = at.arrives("carol");
  for (person* one : {&alice, &bob}) one->says("JOIN #a");
  bob.says("MODE bob +i");
  EXPECT_EQ(carol.answer("WHO #a").size(), 2U);
  EXPECT_EQ(alice.answer("WHO #a").size(), 3U);
  alice.says("MODE #a +s");
  EXPECT_THAT(carol.answer("WHO #a"), ElementsAre(":irc.test 315 carol #a :End of WHO list"));
}

TEST(who, ends_where_there_is_nobody) {
  meeting at;
  EXPECT_THAT(at.arrives("alice").answer("WHO nobody"),
              ElementsAre(":irc.test 315 alice nobody :End of WHO list"));
}

TEST(who, stops_after_many_for_a_mask) {
  meeting at;
  for (int i = 0; i < 300; ++i) at.arrives("p" + std::to_string(i));
  EXPECT_EQ(at.arrives("alice").answer("WHO p*").size(), 201U);
}

TEST(whois, tells_all_there_is_to_know) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  alice.says("JOIN #a,#b");
  bob.says("JOIN #b");
  bob.hears();
  at.passes(5s);
  EXPECT_THAT(bob.answer("WHOIS ALICE"),
              ElementsAre(":irc.test 311 bob alice alice 192.0.2.1 * :alice the person",
                          ":irc.test 319 bob alice :@#a @#b",
                          ":irc.test 312 bob alice irc.test :A Pentad messaging server",
                          ":irc.test 317 bob alice 5 1319042451 :seconds idle, signon time",
                          ":irc.test 318 bob ALICE :End of /WHOIS list"));
}

TEST(whois, counts_idle_seconds_from_the_last_message) {
  meeting at;
  person& alice = at.arrives("alice");
  at.passes(50s);
  alice.says("PRIVMSG alice :x");
  at.passes(3s);
  alice.says("PING x");
  alice.hears();
  alice.says("WHOIS alice");
  EXPECT_THAT(alice.hears_first("317"), HasSubstr(" alice 3 1319042451 "));
}

TEST(whois, takes_a_server_before_the_nick) {
  meeting at;
  person& alice = at.arrives("alice");
  at.arrives("bob");
  for (const std::string target : {"irc.test", "IRC.TEST", "bob", "alice"}) {
    EXPECT_EQ(alice.answer("WHOIS " + target + " bob").front(),
              ":irc.test 311 alice bob bob 192.0.2.1 * :bob the person");
  }
  EXPECT_THAT(alice.answer("WHOIS elsewhere.test bob"),
              ElementsAre(":irc.test 402 alice elsewhere.test :No such server"));
}

TEST(whois, says_that_somebody_is_not_there) {
  meeting at;
  person& alice = at.arrives("alice");
  EXPECT_THAT(alice.answer("WHOIS nobody"),
              ElementsAre(":irc.test 401 alice nobody :No such nick/channel",
                          ":irc.test 318 alice nobody :End of /WHOIS list"));
  EXPECT_THAT(alice.answer("WHOIS"), ElementsAre(":irc.test 431 alice :No nickname given"));
}

TEST(whois, hides_secret_channels_and_those_of_invisible_people) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  alice.says("JOIN #a,#b");
  alice.says("MODE #a +s");
  bob.says("WHOIS alice");
  EXPECT_EQ(bob.hears_first("319"), ":irc.test 319 bob alice :@#b");
  alice.says("MODE alice +i");
  bob.says("WHOIS alice");
  EXPECT_EQ(bob.hears_first("319"), "");
  bob.says("JOIN #a");
  bob.hears();
  bob.says("WHOIS alice");
  EXPECT_EQ(bob.hears_first("319"), ":irc.test 319 bob alice :@#a @#b");
}

TEST(whois, lists_channels_in_as_many_lines_as_they_need) {
  meeting at;
  person& alice = at.arrives("alice");
  for (int i = 10; i < 60; ++i) alice.says("JOIN #" + std::string(50, 'x') + std::to_string(i));
  const lines answer = alice.answer("WHOIS alice");
  EXPECT_EQ(std::ranges::count_if(answer,
                                  [](const std::string& line) {
                                    EXPECT_LE(line.size(), 510U);
                                    return line.starts_with(":irc.test 319 ");
                                  }),
            7);
}

}  // namespace
}  // namespace pentad::messenger::testing
