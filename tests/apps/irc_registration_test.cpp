// Coming to the network, staying and going: PASS, NICK, USER, PING, PONG, QUIT, and the greeting.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/apps/irc_people.hpp"

namespace pentad::messenger::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(registration, is_complete_with_nick_and_user_in_either_order) {
  meeting at;
  person& alice = at.enters();
  EXPECT_THAT(alice.answer("NICK alice"), IsEmpty());
  EXPECT_THAT(alice.answer("USER a 0 * :Alice"), Contains(StartsWith(":irc.test 001 alice :")));
  person& bob = at.enters();
  EXPECT_THAT(bob.answer("USER b 0 * :Bob"), IsEmpty());
  EXPECT_THAT(bob.answer("NICK bob"), Contains(StartsWith(":irc.test 001 bob :")));
}

TEST(registration, is_greeted_with_all_that_clients_expect) {
  meeting at;
  person& alice = at.enters();
  alice.says("NICK alice");
  EXPECT_THAT(
      alice.answer("USER a 0 * :Alice"),
      ElementsAre(
          ":irc.test 001 alice :Welcome to the Testers Network, alice!a@192.0.2.1",
          StartsWith(":irc.test 002 alice :Your host is irc.test, running version pentad-"),
          ":irc.test 003 alice :This server was created 2011-10-19T16:40:51.620Z",
          ::testing::MatchesRegex(
              ":irc.test 004 alice irc.test pentad-[^ ]+ Biow beIiklmnostv beIklov"),
          ":irc.test 005 alice AWAYLEN=200 BOT=B CASEMAPPING=ascii CHANLIMIT=#:50 "
          "CHANMODES=beI,k,l,imnst CHANNELLEN=64 CHANTYPES=# ELIST=CMNTU EXCEPTS=e HOSTLEN=63 "
          ":are supported by this server",
          ":irc.test 005 alice INVEX=I KEYLEN=23 KICKLEN=300 LINELEN=512 MAXLIST=beI:100 MODES=12 "
          "MONITOR=100 NAMELEN=150 NETWORK=Testers NICKLEN=30 :are supported by this server",
          ":irc.test 005 alice PREFIX=(ov)@+ STATUSMSG=@+ "
          "TARGMAX=INVITE:1,JOIN:,KICK:4,LIST:,MONITOR:,NAMES:1,NOTICE:4,PART:,PRIVMSG:4,TAGMSG:4,"
          "WHOIS:1,WHOWAS:1 TOPICLEN=390 USERLEN=18 UTF8ONLY WHOX :are supported by this server",
          ":irc.test 251 alice :There are 1 users and 0 invisible on 1 servers",
          ":irc.test 255 alice :I have 1 clients and 0 servers",
          ":irc.test 265 alice 1 1 :Current local users 1, max 1",
          ":irc.test 266 alice 1 1 :Current global users 1, max 1",
          ":irc.test 422 alice :MOTD File is missing"));
}

TEST(registration, lets_nothing_else_be_done_before) {
  meeting at;
  person& alice = at.enters();
  EXPECT_THAT(alice.answer("JOIN #a"), ElementsAre(":irc.test 451 * :You have not registered"));
  alice.says("NICK alice");
  EXPECT_THAT(alice.answer("NONSENSE"),
              ElementsAre(":irc.test 451 alice :You have not registered"));
}

TEST(registration, ends_for_those_who_do_not_complete_it_in_time) {
  meeting at;
  person& alice = at.enters();
  alice.says("NICK alice");
  at.passes(29s);
  EXPECT_THAT(alice.hears(), IsEmpty());
  at.passes(1s);
  EXPECT_THAT(alice.hears(), ElementsAre("ERROR :Closing Link: 192.0.2.1 (Registration timeout)"));
  EXPECT_TRUE(alice.session().closing());
  EXPECT_THAT(at.arrives("alice").session().self.nick, "alice");
}

TEST(registration, gives_ipv6_hosts_as_they_are_told) {
  meeting at;
  person& alice = at.enters("0::1");
  alice.says("NICK alice");
  alice.says("USER a 0 * :Alice");
  EXPECT_THAT(alice.hears_first("001"), HasSubstr("alice!a@0::1"));
}

TEST(a_full_server, turns_newcomers_away_and_takes_others_when_there_is_room) {
  configuration settings = meeting::unlimited();
  settings.limit.clients = 2;
  meeting at{settings};
  person& alice = at.arrives("alice");
  at.enters();
  person& carol = at.enters();
  EXPECT_THAT(carol.hears(), ElementsAre("ERROR :Closing Link: 192.0.2.1 (Server is full)"));
  EXPECT_THAT(carol.answer("NICK carol"), IsEmpty());
  carol.goes();
  alice.goes();
  EXPECT_TRUE(at.arrives("dave").session().registered());
}

TEST(pass, is_needed_when_there_is_a_password) {
  configuration settings = meeting::unlimited();
  settings.password = "sesame";
  meeting at{settings};
  person& alice = at.enters();
  alice.says("PASS wrong");
  alice.says("PASS sesame");  // the last one counts
  alice.says("NICK alice");
  EXPECT_THAT(alice.answer("USER a 0 * :Alice"), Contains(StartsWith(":irc.test 001 ")));
  for (const std::string_view given : {"PASS wrong", "PASS sesam", "PASS sesamesesame", "PING x"}) {
    person& mallory = at.enters();
    mallory.says(given);
    mallory.says("NICK mallory");
    mallory.hears();
    EXPECT_THAT(mallory.answer("USER m 0 * :Mallory"),
                ElementsAre(":irc.test 464 mallory :Password incorrect",
                            "ERROR :Closing Link: 192.0.2.1 (Password incorrect)"));
  }
}

TEST(pass, is_not_asked_for_when_there_is_none) {
  meeting at;
  person& alice = at.enters();
  alice.says("PASS anything");
  alice.says("NICK alice");
  EXPECT_THAT(alice.answer("USER a 0 * :Alice"), Contains(StartsWith(":irc.test 001 ")));
  EXPECT_THAT(alice.answer("PASS again"),
              ElementsAre(":irc.test 462 alice :You may not reregister"));
  EXPECT_THAT(at.enters().answer("PASS"),
              ElementsAre(":irc.test 461 * PASS :Not enough parameters"));
}

TEST(nick, must_be_given_and_valid) {
  meeting at;
  person& alice = at.enters();
  EXPECT_THAT(alice.answer("NICK"), ElementsAre(":irc.test 431 * :No nickname given"));
  EXPECT_THAT(alice.answer("NICK :"), ElementsAre(":irc.test 431 * :No nickname given"));
  EXPECT_THAT(alice.answer("NICK #a"), ElementsAre(":irc.test 432 * #a :Erroneus nickname"));
  EXPECT_THAT(alice.answer("NICK :a b"), ElementsAre(":irc.test 432 * * :Erroneus nickname"));
  EXPECT_THAT(alice.answer("NICK " + std::string(31, 'a')),
              ElementsAre(":irc.test 432 * " + std::string(31, 'a') + " :Erroneus nickname"));
}

TEST(nick, belongs_to_one_alone_whatever_its_case) {
  meeting at;
  at.arrives("alice");
  person& bob = at.enters();
  EXPECT_THAT(bob.answer("NICK ALICE"),
              ElementsAre(":irc.test 433 * ALICE :Nickname is already in use"));
  bob.says("NICK bob");
  EXPECT_THAT(at.enters().answer("NICK bob"),
              ElementsAre(":irc.test 433 * bob :Nickname is already in use"));
}

TEST(nick, can_be_changed_and_those_on_the_same_channels_hear_of_it_once) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  person& carol = at.arrives("carol");
  for (person* one : {&alice, &bob}) {
    one->says("JOIN #a,#b");
    one->hears();
  }
  alice.hears();
  EXPECT_THAT(alice.answer("NICK alicia"), ElementsAre(":alice!alice@192.0.2.1 NICK :alicia"));
  EXPECT_THAT(bob.hears(), ElementsAre(":alice!alice@192.0.2.1 NICK :alicia"));
  EXPECT_THAT(carol.hears(), IsEmpty());
  bob.says("PRIVMSG alicia :hi");
  EXPECT_THAT(alice.hears(), ElementsAre(":bob!bob@192.0.2.1 PRIVMSG alicia :hi"));
  EXPECT_THAT(bob.answer("PRIVMSG alice :hi"),
              ElementsAre(":irc.test 401 bob alice :No such nick/channel"));
  EXPECT_EQ(at.arrives("alice").session().self.nick, "alice");
}

TEST(nick, can_change_its_case_and_is_not_said_when_it_stays) {
  meeting at;
  person& alice = at.arrives("alice");
  EXPECT_THAT(alice.answer("NICK Alice"), ElementsAre(":alice!alice@192.0.2.1 NICK :Alice"));
  EXPECT_THAT(alice.answer("NICK Alice"), IsEmpty());
}

TEST(user, must_have_four_parameters_and_a_valid_name) {
  meeting at;
  person& alice = at.enters();
  EXPECT_THAT(alice.answer("USER a 0 *"),
              ElementsAre(":irc.test 461 * USER :Not enough parameters"));
  EXPECT_THAT(alice.answer("user  0 * :x :y"),
              ElementsAre(":irc.test 461 * USER :Not enough parameters"));
  EXPECT_THAT(alice.answer("USER a@b 0 * :x"),
              ElementsAre(":irc.test 468 * :Your username is not valid"));
  person& bob = at.arrives("bob");
  EXPECT_THAT(bob.answer("USER b 0 * :Bob"),
              ElementsAre(":irc.test 462 bob :You may not reregister"));
}

TEST(user, is_cut_at_the_advertised_length) {
  meeting at;
  person& alice = at.enters();
  alice.says("NICK alice");
  alice.says("USER abcdefghijklmnopqrstuvwxyz 0 * :" + std::string(200, 'r'));
  EXPECT_EQ(alice.session().self.user, "abcdefghijklmnopqr");
  EXPECT_EQ(alice.session().self.real_name.size(), 150U);
}

TEST(ping, is_answered_with_its_token) {
  meeting at;
  person& alice = at.arrives("alice");
  EXPECT_THAT(alice.answer("PING 123"), ElementsAre(":irc.test PONG irc.test :123"));
  EXPECT_THAT(alice.answer("PING :a b"), ElementsAre(":irc.test PONG irc.test :a b"));
  EXPECT_THAT(alice.answer("PING"), ElementsAre(":irc.test 461 alice PING :Not enough parameters"));
  EXPECT_THAT(alice.answer("PING :"), ElementsAre(":irc.test 409 alice :No origin specified"));
}

TEST(silence, is_asked_about_and_then_ended) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  for (person* one : {&alice, &bob}) one->says("JOIN #a");
  alice.hears();
  bob.hears();
  at.passes(59s);
  EXPECT_THAT(alice.hears(), IsEmpty());
  at.passes(1s);
  EXPECT_THAT(alice.hears(), ElementsAre("PING :irc.test"));
  EXPECT_THAT(bob.hears(), ElementsAre("PING :irc.test"));
  bob.says("PONG irc.test");
  at.passes(59s);
  EXPECT_THAT(alice.hears(), IsEmpty());
  at.passes(1s);
  EXPECT_THAT(alice.hears(),
              ElementsAre("ERROR :Closing Link: 192.0.2.1 (Ping timeout: 120 seconds)"));
  EXPECT_THAT(bob.hears(), ElementsAre(":alice!alice@192.0.2.1 QUIT :Ping timeout: 120 seconds",
                                       "PING :irc.test"));
}

TEST(silence, does_not_count_for_those_who_talk) {
  meeting at;
  person& alice = at.arrives("alice");
  for (int i = 0; i < 20; ++i) {
    at.passes(50s);
    EXPECT_THAT(alice.answer("PONG x"), IsEmpty());
  }
  EXPECT_TRUE(alice.session().registered());
}

TEST(quit, is_told_to_those_on_the_same_channels_once_and_acknowledged_with_an_error) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  person& carol = at.arrives("carol");
  for (person* one : {&alice, &bob}) {
    one->says("JOIN #a");
    one->says("JOIN #b");
  }
  alice.hears();
  bob.hears();
  EXPECT_THAT(alice.answer("QUIT :Gone to have lunch"),
              ElementsAre("ERROR :Closing Link: 192.0.2.1 (Quit: Gone to have lunch)"));
  EXPECT_THAT(bob.hears(), ElementsAre(":alice!alice@192.0.2.1 QUIT :Quit: Gone to have lunch"));
  EXPECT_THAT(carol.hears(), IsEmpty());
  EXPECT_THAT(alice.answer("PRIVMSG bob :still here?"), IsEmpty());
  EXPECT_THAT(bob.hears(), IsEmpty());
}

TEST(quit, without_a_reason_says_so) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  for (person* one : {&alice, &bob}) one->says("JOIN #a");
  bob.hears();
  alice.says("QUIT");
  EXPECT_THAT(bob.hears(), ElementsAre(":alice!alice@192.0.2.1 QUIT :Quit: "));
}

TEST(a_lost_connection, is_told_with_what_happened) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  for (person* one : {&alice, &bob}) one->says("JOIN #a");
  bob.hears();
  alice.goes("Connection reset by peer");
  EXPECT_THAT(bob.hears(), ElementsAre(":alice!alice@192.0.2.1 QUIT :Connection reset by peer"));
}

TEST(a_closing_client, has_a_second_to_read_its_last_line_and_go) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  alice.says("QUIT");
  bob.goes();
  at.passes(999ms);
  EXPECT_FALSE(alice.was_cut());
  at.passes(1ms);
  EXPECT_TRUE(alice.was_cut());
  alice.goes();
  EXPECT_EQ(at.desk().next_deadline(), never);
}

TEST(the_end_of_the_server, is_told_to_everybody) {
  meeting at;
  person& alice = at.arrives("alice");
  person& newcomer = at.enters();
  at.desk().stop("Server shutting down", at.now());
  EXPECT_THAT(alice.hears(), ElementsAre("ERROR :Closing Link: 192.0.2.1 (Server shutting down)"));
  EXPECT_THAT(newcomer.hears(),
              ElementsAre("ERROR :Closing Link: 192.0.2.1 (Server shutting down)"));
  EXPECT_TRUE(alice.session().closing());
}

TEST(lusers, counts_people_channels_and_those_who_are_not_registered) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  at.arrives("carol").goes();
  at.enters();
  bob.says("MODE bob +i");
  alice.says("JOIN #a");
  EXPECT_THAT(alice.answer("LUSERS"),
              ElementsAre(":irc.test 251 alice :There are 1 users and 1 invisible on 1 servers",
                          ":irc.test 253 alice 1 :unknown connection(s)",
                          ":irc.test 254 alice 1 :channels formed",
                          ":irc.test 255 alice :I have 2 clients and 0 servers",
                          ":irc.test 265 alice 2 3 :Current local users 2, max 3",
                          ":irc.test 266 alice 2 3 :Current global users 2, max 3"));
}

TEST(motd, is_told_line_by_line) {
  configuration settings = meeting::unlimited();
  settings.motd = {"Be kind.", ""};
  meeting at{settings};
  person& alice = at.arrives("alice");
  const auto motd = ElementsAre(":irc.test 375 alice :- irc.test Message of the day - ",
                                ":irc.test 372 alice :- Be kind.", ":irc.test 372 alice :- ",
                                ":irc.test 376 alice :End of /MOTD command.");
  EXPECT_THAT(alice.answer("MOTD"), motd);
  EXPECT_THAT(alice.answer("MOTD IRC.test"), motd);
  EXPECT_THAT(alice.answer("MOTD elsewhere.test"),
              ElementsAre(":irc.test 402 alice elsewhere.test :No such server"));
}

TEST(an_unknown_command, is_named_in_the_answer) {
  meeting at;
  person& alice = at.arrives("alice");
  EXPECT_THAT(alice.answer("NONSENSE x"),
              ElementsAre(":irc.test 421 alice NONSENSE :Unknown command"));
  EXPECT_THAT(alice.answer("JOINING"), ElementsAre(":irc.test 421 alice JOINING :Unknown command"));
  EXPECT_THAT(alice.answer(":source"), ElementsAre(":irc.test 421 alice * :Unknown command"));
  EXPECT_THAT(alice.answer(std::string_view{"PING \0", 6}),
              ElementsAre(":irc.test 421 alice * :Unknown command"));
}

TEST(a_command, can_be_given_in_any_case) {
  meeting at;
  EXPECT_THAT(at.arrives("alice").answer("pInG x"), ElementsAre(":irc.test PONG irc.test :x"));
}

}  // namespace
}  // namespace pentad::messenger::testing
