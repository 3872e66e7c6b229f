// OPER, KILL, WALLOPS (Modern IRC, "Operator Messages"), CHGHOST with chghost (IRCv3).

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/apps/irc_people.hpp"

namespace pentad::messenger::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class operators : public ::testing::Test {
 protected:
  static configuration settings() {
    configuration made = meeting::unlimited();
    made.operators = {{"root", "secret", "*@192.0.2.*"}, {"far", "secret", "*@198.51.100.*"}};
    return made;
  }

  void becomes_operator(person& who) {
    who.says("OPER root secret");
    who.hears();
  }

  meeting at{settings()};
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
};

TEST_F(operators, are_those_who_know_a_name_and_its_password) {
  EXPECT_THAT(alice.answer("OPER root wrong"),
              ElementsAre(":irc.test 464 alice :Password incorrect"));
  EXPECT_THAT(alice.answer("OPER nobody secret"),
              ElementsAre(":irc.test 464 alice :Password incorrect"));
  EXPECT_THAT(
      alice.answer("OPER root secret"),
      ElementsAre(":irc.test 381 alice :You are now an IRC operator", ":irc.test MODE alice :+o"));
  EXPECT_THAT(alice.answer("MODE alice"), ElementsAre(":irc.test 221 alice +o"));
  bob.says("WHOIS alice");
  EXPECT_EQ(bob.hears_first("313"), ":irc.test 313 bob alice :is an IRC operator");
  EXPECT_THAT(bob.answer("USERHOST alice"),
              ElementsAre(":irc.test 302 bob :alice*=+alice@192.0.2.1"));
}

TEST_F(operators, come_from_where_they_may) {
  EXPECT_THAT(alice.answer("OPER far secret"),
              ElementsAre(":irc.test 491 alice :No O-lines for your host"));
}

TEST_F(operators, can_stop_being_one) {
  becomes_operator(alice);
  EXPECT_EQ(at.state().count().operators, 1U);
  EXPECT_THAT(alice.answer("MODE alice -o"), ElementsAre(":alice!alice@192.0.2.1 MODE alice -o"));
  EXPECT_EQ(at.state().count().operators, 0U);
  EXPECT_THAT(alice.answer("KILL bob :x"),
              ElementsAre(":irc.test 481 alice :Permission Denied- You're not an IRC operator"));
}

TEST_F(operators, are_there_no_more_after_they_left) {
  becomes_operator(alice);
  alice.says("QUIT");
  EXPECT_EQ(at.state().count().operators, 0U);
}

TEST_F(operators, kill_sessions) {
  person& carol = at.arrives("carol");
  for (person* one : {&bob, &carol}) one->says("JOIN #a");
  for (person* one : {&bob, &carol}) one->hears();
  becomes_operator(alice);
  EXPECT_THAT(alice.answer("KILL BOB :Too loud"), IsEmpty());
  EXPECT_THAT(bob.hears(),
              ElementsAre(":alice!alice@192.0.2.1 KILL bob :Too loud",
                          "ERROR :Closing Link: 192.0.2.1 (Killed (alice (Too loud)))"));
  EXPECT_TRUE(bob.session().closing());
  EXPECT_THAT(carol.hears(), ElementsAre(":bob!bob@192.0.2.1 QUIT :Killed (alice (Too loud))"));
}

TEST_F(operators, kill_people_alone) {
  becomes_operator(alice);
  EXPECT_THAT(alice.answer("KILL nobody :x"),
              ElementsAre(":irc.test 401 alice nobody :No such nick/channel"));
  EXPECT_THAT(alice.answer("KILL irc.test :x"),
              ElementsAre(":irc.test 483 alice :You cant kill a server!"));
  EXPECT_THAT(alice.answer("KILL"), ElementsAre(":irc.test 461 alice KILL :Not enough parameters"));
}

TEST_F(operators, find_no_other_server_to_link_or_unlink) {
  becomes_operator(alice);
  EXPECT_THAT(alice.answer("CONNECT other.test"),
              ElementsAre(":irc.test 402 alice other.test :No such server"));
  EXPECT_THAT(alice.answer("SQUIT other.test :x"),
              ElementsAre(":irc.test 402 alice other.test :No such server"));
}

TEST_F(operators, speak_to_all_who_listen) {
  person& carol = at.arrives("carol");
  carol.says("MODE carol +w");
  carol.hears();
  EXPECT_THAT(bob.answer("WALLOPS :x"),
              ElementsAre(":irc.test 481 bob :Permission Denied- You're not an IRC operator"));
  becomes_operator(alice);
  EXPECT_THAT(alice.answer("WALLOPS :Restart at noon"),
              ElementsAre(":alice!alice@192.0.2.1 WALLOPS :Restart at noon"));
  EXPECT_THAT(carol.hears(), ElementsAre(":alice!alice@192.0.2.1 WALLOPS :Restart at noon"));
  EXPECT_THAT(bob.hears(), IsEmpty());
}

TEST_F(operators, are_found_by_who) {
  becomes_operator(alice);
  EXPECT_THAT(
      bob.answer("WHO * o"),
      ElementsAre(":irc.test 352 bob * alice 192.0.2.1 irc.test alice H* :0 alice the person",
                  ":irc.test 315 bob * :End of WHO list"));
}

TEST_F(operators, give_other_hosts_which_is_told_to_those_who_asked) {
  person& carol = at.arrives("carol", "chghost");
  person& dave = at.arrives("dave", "chghost");
  for (person* one : {&bob, &carol, &dave}) one->says("JOIN #a");
  for (person* one : {&bob, &carol, &dave}) one->hears();
  becomes_operator(alice);
  alice.says("CHGHOST carol cc guest.test");
  EXPECT_THAT(carol.hears(), ElementsAre(":carol!carol@192.0.2.1 CHGHOST cc guest.test"));
  EXPECT_THAT(dave.hears(), ElementsAre(":carol!carol@192.0.2.1 CHGHOST cc guest.test"));
  EXPECT_THAT(bob.hears(), IsEmpty());
  carol.says("PRIVMSG bob :x");
  EXPECT_THAT(bob.hears(), ElementsAre(":carol!cc@guest.test PRIVMSG bob :x"));
  EXPECT_THAT(alice.answer("CHGHOST carol cc a!b"),
              ElementsAre(":irc.test FAIL CHGHOST INVALID_HOST a!b :Host name is not valid"));
  EXPECT_THAT(alice.answer("CHGHOST carol a@b c"),
              ElementsAre(":irc.test 468 alice :Your username is not valid"));
  EXPECT_THAT(bob.answer("CHGHOST bob b x"),
              ElementsAre(":irc.test 481 bob :Permission Denied- You're not an IRC operator"));
}

}  // namespace
}  // namespace pentad::messenger::testing
