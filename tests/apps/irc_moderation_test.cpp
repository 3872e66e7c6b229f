// KICK and INVITE (Modern IRC), invite-notify (IRCv3).

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/apps/irc_on_a_channel.hpp"

namespace pentad::messenger::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using kick = on_a_channel;
using invite = on_a_channel;

TEST_F(kick, removes_a_member_for_all_to_see) {
  EXPECT_THAT(alice.answer("KICK #A BOB :Too loud"),
              ElementsAre(":alice!alice@192.0.2.1 KICK #a bob :Too loud"));
  EXPECT_THAT(bob.hears(), ElementsAre(":alice!alice@192.0.2.1 KICK #a bob :Too loud"));
  alice.says("PRIVMSG #a :x");
  EXPECT_THAT(bob.hears(), IsEmpty());
}

TEST_F(kick, gives_the_nick_of_the_operator_when_there_is_no_reason) {
  alice.says("KICK #a bob");
  EXPECT_THAT(bob.hears(), ElementsAre(":alice!alice@192.0.2.1 KICK #a bob :alice"));
}

TEST_F(kick, tells_of_each_of_several_on_its_own_up_to_four) {
  for (int i = 0; i < 5; ++i) at.arrives("p" + std::to_string(i)).says("JOIN #a");
  alice.hears();
  EXPECT_THAT(
      alice.answer("KICK #a p0,p1,p2,p3,p4 :x"),
      ElementsAre(":alice!alice@192.0.2.1 KICK #a p0 :x", ":alice!alice@192.0.2.1 KICK #a p1 :x",
                  ":alice!alice@192.0.2.1 KICK #a p2 :x", ":alice!alice@192.0.2.1 KICK #a p3 :x"));
}

TEST_F(kick, ends_with_oneself) {
  EXPECT_THAT(alice.answer("KICK #a alice,bob :x"),
              ElementsAre(":alice!alice@192.0.2.1 KICK #a alice :x",
                          ":irc.test 442 alice #a :You're not on that channel"));
  EXPECT_EQ(at.state().find_channel("#a")->members().size(), 1U);
}

TEST_F(kick, is_for_operators_and_members) {
  EXPECT_THAT(bob.answer("KICK #a alice"),
              ElementsAre(":irc.test 482 bob #a :You're not channel operator"));
  EXPECT_THAT(carol.answer("KICK #a alice"),
              ElementsAre(":irc.test 442 carol #a :You're not on that channel"));
  EXPECT_THAT(alice.answer("KICK #a carol"),
              ElementsAre(":irc.test 441 alice carol #a :They aren't on that channel"));
  EXPECT_THAT(alice.answer("KICK #a nobody"),
              ElementsAre(":irc.test 401 alice nobody :No such nick/channel"));
  EXPECT_THAT(alice.answer("KICK #b bob"), ElementsAre(":irc.test 403 alice #b :No such channel"));
  EXPECT_THAT(alice.answer("KICK #a"),
              ElementsAre(":irc.test 461 alice KICK :Not enough parameters"));
}

TEST_F(invite, is_told_to_both_sides_and_lets_in) {
  alice.says("MODE #a +i");
  alice.hears();
  EXPECT_THAT(alice.answer("INVITE CAROL #A"), ElementsAre(":irc.test 341 alice carol #a"));
  EXPECT_THAT(carol.hears(), ElementsAre(":alice!alice@192.0.2.1 INVITE carol :#a"));
  EXPECT_EQ(carol.answer("JOIN #a").front(), ":carol!carol@192.0.2.1 JOIN :#a");
  carol.says("PART #a");
  carol.hears();
  EXPECT_THAT(carol.answer("JOIN #a"),
              ElementsAre(":irc.test 473 carol #a :Cannot join channel (+i)"));
}

TEST_F(invite, holds_for_the_channel_and_no_later_one_of_that_name) {
  alice.says("INVITE carol #a");
  for (person* one : {&alice, &bob}) one->says("PART #a");
  bob.says("JOIN #a");
  bob.says("MODE #a +i");
  carol.hears();
  EXPECT_THAT(carol.answer("INVITE"), ElementsAre(":irc.test 337 carol :End of /INVITE list"));
  EXPECT_THAT(carol.answer("JOIN #a"),
              ElementsAre(":irc.test 473 carol #a :Cannot join channel (+i)"));
}

TEST_F(invite, lists_where_one_is_invited) {
  alice.says("JOIN #b");
  alice.says("INVITE carol #a");
  alice.says("INVITE carol #b");
  alice.says("INVITE carol #a");
  carol.hears();
  EXPECT_THAT(carol.answer("INVITE"),
              ElementsAre(":irc.test 336 carol #b", ":irc.test 336 carol #a",
                          ":irc.test 337 carol :End of /INVITE list"));
}

TEST_F(invite, is_for_members_and_with_i_for_operators) {
  EXPECT_THAT(carol.answer("INVITE bob #a"),
              ElementsAre(":irc.test 442 carol #a :You're not on that channel"));
  EXPECT_THAT(bob.answer("INVITE carol #a"), ElementsAre(":irc.test 341 bob carol #a"));
  alice.says("MODE #a +i");
  bob.hears();
  EXPECT_THAT(bob.answer("INVITE carol #a"),
              ElementsAre(":irc.test 482 bob #a :You're not channel operator"));
  EXPECT_THAT(alice.answer("INVITE bob #a").back(),
              ":irc.test 443 alice bob #a :is already on channel");
  EXPECT_THAT(alice.answer("INVITE nobody #a"),
              ElementsAre(":irc.test 401 alice nobody :No such nick/channel"));
  EXPECT_THAT(alice.answer("INVITE bob #c"),
              ElementsAre(":irc.test 403 alice #c :No such channel"));
  EXPECT_THAT(alice.answer("INVITE bob"),
              ElementsAre(":irc.test 461 alice INVITE :Not enough parameters"));
}

TEST_F(invite, says_that_the_guest_is_away) {
  carol.says("AWAY :At lunch");
  EXPECT_THAT(alice.answer("INVITE carol #a"),
              ElementsAre(":irc.test 341 alice carol #a", ":irc.test 301 alice carol :At lunch"));
}

TEST_F(invite, are_bounded_for_each_client) {
  for (int i = 0; i < 30; ++i) {
    alice.says("JOIN #" + std::to_string(i));
    alice.says("INVITE carol #" + std::to_string(i));
  }
  carol.hears();
  const lines all = carol.answer("INVITE");
  EXPECT_EQ(all.size(), 21U);
  EXPECT_EQ(all.front(), ":irc.test 336 carol #10");
}

TEST_F(invite, is_told_to_members_who_asked_for_such_news) {
  person& dave = at.arrives("dave", "invite-notify");
  dave.says("JOIN #a");
  dave.hears();
  bob.hears();
  alice.says("INVITE carol #a");
  EXPECT_THAT(dave.hears(), ElementsAre(":alice!alice@192.0.2.1 INVITE carol :#a"));
  EXPECT_THAT(bob.hears(), IsEmpty());
}

}  // namespace
}  // namespace pentad::messenger::testing
