// Capabilities that change what a client is told (IRCv3), one after the other.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "tests/apps/irc_people.hpp"

namespace pentad::messenger::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(cap_ls_302, enables_cap_notify_for_good) {
  meeting at;
  person& alice = at.enters();
  alice.says("CAP LS 302");
  EXPECT_THAT(alice.answer("CAP LIST"), ElementsAre(":irc.test CAP * LIST :cap-notify"));
  EXPECT_THAT(alice.answer("CAP REQ -cap-notify"), ElementsAre(":irc.test CAP * NAK :-cap-notify"));
  person& bob = at.arrives("bob", "cap-notify");
  EXPECT_THAT(bob.answer("CAP REQ -cap-notify"), ElementsAre(":irc.test CAP bob ACK :-cap-notify"));
}

TEST(multi_prefix, shows_all_ranks_in_names_who_and_whois) {
  meeting at;
  person& alice = at.arrives("alice", "multi-prefix");
  person& bob = at.arrives("bob");
  alice.says("JOIN #a");
  alice.says("MODE #a +v alice");
  alice.hears();
  EXPECT_EQ(alice.answer("NAMES #a").front(), ":irc.test 353 alice = #a :@+alice");
  EXPECT_EQ(bob.answer("NAMES #a").front(), ":irc.test 353 bob = #a :@alice");
  EXPECT_EQ(alice.answer("WHO #a").front(),
            ":irc.test 352 alice #a alice 192.0.2.1 irc.test alice H@+ :0 alice the person");
  alice.says("WHOIS alice");
  EXPECT_EQ(alice.hears_first("319"), ":irc.test 319 alice alice :@+#a");
}

TEST(userhost_in_names, shows_whole_sources) {
  meeting at;
  person& alice = at.arrives("alice", "userhost-in-names");
  alice.says("JOIN #a");
  alice.hears();
  EXPECT_EQ(alice.answer("NAMES #a").front(), ":irc.test 353 alice = #a :@alice!alice@192.0.2.1");
}

TEST(no_implicit_names, leaves_out_names_until_they_are_asked_for) {
  meeting at;
  person& alice = at.arrives("alice", "draft/no-implicit-names");
  EXPECT_THAT(alice.answer("JOIN #a"), ElementsAre(":alice!alice@192.0.2.1 JOIN :#a"));
  EXPECT_EQ(alice.answer("NAMES #a").size(), 2U);
}

TEST(extended_join, has_account_and_real_name) {
  meeting at;
  person& alice = at.arrives("alice", "extended-join");
  person& bob = at.arrives("bob");
  alice.says("JOIN #a");
  alice.hears();
  bob.says("JOIN #a");
  EXPECT_THAT(alice.hears(), ElementsAre(":bob!bob@192.0.2.1 JOIN #a * :bob the person"));
  bob.says("PART #a");
  at.desk().log_in(bob.session(), std::make_shared<account>("bobby"), at.now());
  alice.hears();
  bob.says("JOIN #a");
  EXPECT_THAT(alice.hears(), ElementsAre(":bob!bob@192.0.2.1 JOIN #a bobby :bob the person"));
}

TEST(account_notify, tells_oneself_and_neighbours_who_asked) {
  meeting at;
  person& alice = at.arrives("alice", "account-notify");
  person& bob = at.arrives("bob", "account-notify");
  person& carol = at.arrives("carol");
  for (person* one : {&alice, &bob, &carol}) one->says("JOIN #a");
  for (person* one : {&alice, &bob, &carol}) one->hears();
  at.desk().log_in(alice.session(), std::make_shared<account>("al"), at.now());
  EXPECT_THAT(alice.hears(), ElementsAre(":irc.test 900 alice alice!alice@192.0.2.1 al "
                                         ":You are now logged in as al",
                                         ":alice!alice@192.0.2.1 ACCOUNT al"));
  EXPECT_THAT(bob.hears(), ElementsAre(":alice!alice@192.0.2.1 ACCOUNT al"));
  EXPECT_THAT(carol.hears(), IsEmpty());
  carol.says("WHOIS alice");
  EXPECT_EQ(carol.hears_first("330"), ":irc.test 330 carol alice al :is logged in as");
  at.desk().log_in(alice.session(), nullptr, at.now());
  EXPECT_THAT(bob.hears(), ElementsAre(":alice!alice@192.0.2.1 ACCOUNT *"));
}

TEST(account_tag, is_on_all_that_somebody_with_an_account_says) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob", "account-tag");
  person& carol = at.arrives("carol", "message-tags");
  at.desk().log_in(alice.session(), std::make_shared<account>("al"), at.now());
  alice.says("PRIVMSG bob,carol :hi");
  alice.says("NICK alicia");
  EXPECT_THAT(bob.hears(), ElementsAre("@account=al :alice!alice@192.0.2.1 PRIVMSG bob :hi"));
  EXPECT_THAT(carol.hears(),
              ElementsAre("@" + msgid(2) + " :alice!alice@192.0.2.1 PRIVMSG carol :hi"));
  bob.says("PRIVMSG bob :note");
  EXPECT_THAT(bob.hears(), ElementsAre(":bob!bob@192.0.2.1 PRIVMSG bob :note"));
}

TEST(two_sessions, can_have_one_account) {
  meeting at;
  person& phone = at.arrives("phone");
  person& desk = at.arrives("desk");
  const auto al = std::make_shared<account>("al");
  for (person* one : {&phone, &desk}) at.desk().log_in(one->session(), al, at.now());
  phone.goes();
  EXPECT_EQ(desk.session().account_name(), "al");
  desk.goes();
  EXPECT_EQ(al.use_count(), 1);
}

TEST(setname, changes_the_real_name_and_tells_those_who_asked) {
  meeting at;
  person& alice = at.arrives("alice", "setname");
  person& bob = at.arrives("bob", "setname");
  person& carol = at.arrives("carol");
  for (person* one : {&alice, &bob, &carol}) one->says("JOIN #a");
  for (person* one : {&alice, &bob, &carol}) one->hears();
  EXPECT_THAT(alice.answer("SETNAME :Alice A."),
              ElementsAre(":alice!alice@192.0.2.1 SETNAME :Alice A."));
  EXPECT_THAT(bob.hears(), ElementsAre(":alice!alice@192.0.2.1 SETNAME :Alice A."));
  EXPECT_THAT(carol.hears(), IsEmpty());
  EXPECT_THAT(carol.answer("SETNAME :Carol"), IsEmpty());
  EXPECT_EQ(carol.session().self.real_name, "Carol");
  EXPECT_THAT(alice.answer("SETNAME :" + std::string(151, 'x')),
              Contains(":irc.test FAIL SETNAME INVALID_REALNAME :Realname is not valid"));
}

TEST(bot_mode, is_shown_in_who_whois_and_a_tag) {
  meeting at;
  person& robot = at.arrives("robot");
  person& bob = at.arrives("bob", "message-tags");
  robot.says("MODE robot +B");
  robot.says("PRIVMSG bob :beep");
  EXPECT_THAT(bob.hears(),
              ElementsAre("@" + msgid(1) + ";bot :robot!robot@192.0.2.1 PRIVMSG bob :beep"));
  EXPECT_EQ(bob.answer("WHO robot").front(),
            ":irc.test 352 bob * robot 192.0.2.1 irc.test robot HB :0 robot the person");
  bob.says("WHOIS robot");
  EXPECT_EQ(bob.hears_first("335"), ":irc.test 335 bob robot :is a Bot on Testers");
}

TEST(statusmsg, reaches_ranks_alone) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  person& carol = at.arrives("carol", "echo-message");
  for (person* one : {&alice, &bob, &carol}) one->says("JOIN #a");
  alice.says("MODE #a +v bob");
  for (person* one : {&alice, &bob, &carol}) one->hears();
  EXPECT_THAT(carol.answer("PRIVMSG @#A :help"),
              ElementsAre(":carol!carol@192.0.2.1 PRIVMSG @#a :help"));
  EXPECT_THAT(alice.hears(), ElementsAre(":carol!carol@192.0.2.1 PRIVMSG @#a :help"));
  EXPECT_THAT(bob.hears(), IsEmpty());
  carol.says("NOTICE +#a :help");
  EXPECT_THAT(alice.hears(), ElementsAre(":carol!carol@192.0.2.1 NOTICE +#a :help"));
  EXPECT_THAT(bob.hears(), ElementsAre(":carol!carol@192.0.2.1 NOTICE +#a :help"));
  EXPECT_THAT(bob.answer("PRIVMSG @#none :x"),
              ElementsAre(":irc.test 401 bob @#none :No such nick/channel"));
}

TEST(rename, changes_the_name_and_nothing_else) {
  meeting at;
  person& alice = at.arrives("alice", "draft/channel-rename");
  person& bob = at.arrives("bob");
  person& carol = at.arrives("carol", "draft/channel-rename extended-join");
  for (person* one : {&alice, &bob, &carol}) one->says("JOIN #foo");
  alice.says("TOPIC #foo :Topic");
  for (person* one : {&alice, &bob, &carol}) one->hears();
  EXPECT_THAT(alice.answer("RENAME #foo #bar :Better"),
              ElementsAre(":alice!alice@192.0.2.1 RENAME #foo #bar :Better"));
  EXPECT_THAT(carol.hears(), ElementsAre(":alice!alice@192.0.2.1 RENAME #foo #bar :Better"));
  const lines moved = bob.hears();
  ASSERT_EQ(moved.size(), 6U);
  EXPECT_EQ(moved[0], ":bob!bob@192.0.2.1 PART #foo :Better");
  EXPECT_EQ(moved[1], ":bob!bob@192.0.2.1 JOIN :#bar");
  EXPECT_EQ(moved[2], ":irc.test 332 bob #bar :Topic");
  EXPECT_EQ(at.state().find_channel("#foo"), nullptr);
  EXPECT_EQ(at.state().find_channel("#BAR")->members().size(), 3U);
}

TEST(rename, to_another_case_is_told_to_those_alone_who_know_it) {
  meeting at;
  person& alice = at.arrives("alice", "draft/channel-rename");
  person& bob = at.arrives("bob");
  for (person* one : {&alice, &bob}) one->says("JOIN #foo");
  for (person* one : {&alice, &bob}) one->hears();
  EXPECT_THAT(alice.answer("RENAME #foo #Foo"),
              ElementsAre(":alice!alice@192.0.2.1 RENAME #foo #Foo :"));
  EXPECT_THAT(bob.hears(), IsEmpty());
}

TEST(rename, is_refused_for_good_reasons) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  alice.says("JOIN #foo,#taken");
  bob.says("JOIN #foo");
  alice.hears();
  bob.hears();
  EXPECT_THAT(bob.answer("RENAME #foo #bar"),
              ElementsAre(":irc.test 482 bob #foo :You're not channel operator"));
  EXPECT_THAT(bob.answer("RENAME #taken #bar"),
              ElementsAre(":irc.test 442 bob #taken :You're not on that channel"));
  EXPECT_THAT(bob.answer("RENAME #none #bar"),
              ElementsAre(":irc.test 403 bob #none :No such channel"));
  EXPECT_THAT(alice.answer("RENAME #foo #TAKEN"),
              ElementsAre(":irc.test FAIL RENAME CHANNEL_NAME_IN_USE #foo #TAKEN "
                          ":The channel name is already taken"));
  EXPECT_THAT(alice.answer("RENAME #foo bar"),
              ElementsAre(":irc.test FAIL RENAME CANNOT_RENAME #foo bar "
                          ":The channel cannot be renamed"));
}

/// A channel with its operator alice, the members bob and carol; all but carol know REDACT.
class redact : public ::testing::Test {
 protected:
  redact() {
    for (person* one : {&alice, &bob, &carol}) one->says("JOIN #a");
    bob.says("PRIVMSG #a :oops");
    for (person* one : {&alice, &bob, &carol}) one->hears();
  }

  static std::string id(unsigned number) { return msgid(number).substr(6); }

  meeting at;
  person& alice = at.arrives("alice", "message-tags draft/message-redaction");
  person& bob = at.arrives("bob", "message-tags draft/message-redaction echo-message");
  person& carol = at.arrives("carol", "message-tags");
};

TEST_F(redact, takes_back_what_one_said) {
  EXPECT_THAT(bob.answer("REDACT #A " + id(1) + " :Wrong channel"),
              ElementsAre(":bob!bob@192.0.2.1 REDACT #a " + id(1) + " :Wrong channel"));
  EXPECT_THAT(alice.hears(),
              ElementsAre(":bob!bob@192.0.2.1 REDACT #a " + id(1) + " :Wrong channel"));
  EXPECT_THAT(carol.hears(), IsEmpty());
}

TEST_F(redact, works_once) {
  bob.says("REDACT #a " + id(1));
  EXPECT_THAT(bob.answer("REDACT #a " + id(1)),
              ElementsAre(":irc.test FAIL REDACT UNKNOWN_MSGID #a " + id(1) +
                          " :This message does not exist or is too old"));
}

TEST_F(redact, is_for_the_sender_and_operators) {
  carol.says("CAP REQ draft/message-redaction");
  EXPECT_THAT(carol.answer("REDACT #a " + id(1)),
              ElementsAre(":irc.test FAIL REDACT REDACT_FORBIDDEN #a " + id(1) +
                          " :You are not authorised to delete this message"));
  alice.says("REDACT #a " + id(1) + " :Spam");
  EXPECT_THAT(bob.hears(), ElementsAre(":alice!alice@192.0.2.1 REDACT #a " + id(1) + " :Spam"));
}

TEST_F(redact, works_between_two_people_too_and_tells_others_nothing) {
  bob.says("PRIVMSG alice :x");
  alice.hears();
  carol.says("CAP REQ draft/message-redaction");
  EXPECT_THAT(carol.answer("REDACT alice " + id(2)),
              ElementsAre(":irc.test FAIL REDACT UNKNOWN_MSGID alice " + id(2) +
                          " :This message does not exist or is too old"));
  bob.says("REDACT alice " + id(2));
  EXPECT_THAT(alice.hears(), ElementsAre(":bob!bob@192.0.2.1 REDACT alice " + id(2)));
}

TEST_F(redact, needs_a_target_that_one_can_see_and_a_message_that_was_sent_there) {
  alice.says("JOIN #b");
  EXPECT_THAT(bob.answer("REDACT #b " + id(1)),
              ElementsAre(":irc.test FAIL REDACT INVALID_TARGET #b "
                          ":You cannot delete messages from there"));
  EXPECT_THAT(alice.answer("REDACT #b " + id(1)).back(),
              ":irc.test FAIL REDACT UNKNOWN_MSGID #b " + id(1) +
                  " :This message does not exist or is too old");
  for (const std::string& wrong : {std::string{"x"}, std::string{"1"}, id(9), std::string{"0-1"}}) {
    EXPECT_THAT(bob.answer("REDACT #a " + wrong).front(),
                StartsWith(":irc.test FAIL REDACT UNKNOWN_MSGID #a " + wrong));
  }
}

TEST_F(redact, is_forgotten_after_many_other_messages) {
  for (std::size_t i = 0; i < limits::past_messages; ++i) {
    bob.says("PRIVMSG bob :x");
    bob.hears();
  }
  EXPECT_THAT(bob.answer("REDACT #a " + id(1)).front(),
              StartsWith(":irc.test FAIL REDACT UNKNOWN_MSGID #a "));
}

TEST_F(redact, is_unknown_to_those_who_did_not_ask_for_it) {
  EXPECT_THAT(carol.answer("REDACT #a " + id(1)),
              ElementsAre(":irc.test 421 carol REDACT :Unknown command"));
}

TEST(whox, tells_the_fields_that_are_asked_for_in_the_order_of_the_specification) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  bob.says("JOIN #a");
  bob.says("AWAY :x");
  at.passes(7s);
  EXPECT_THAT(alice.answer("WHO #a %raldfnshiuct,42"),
              ElementsAre(":irc.test 354 alice 42 #a bob 255.255.255.255 192.0.2.1 irc.test bob "
                          "G@ 0 7 0 :bob the person",
                          ":irc.test 315 alice #a :End of WHO list"));
  EXPECT_EQ(alice.answer("WHO bob %cuhnar").front(),
            ":irc.test 354 alice * bob 192.0.2.1 bob 0 :bob the person");
  EXPECT_EQ(alice.answer("WHO bob %tn,12345").front(), ":irc.test 354 alice 0 bob");
  at.desk().log_in(bob.session(), std::make_shared<account>("bobby"), at.now());
  EXPECT_EQ(alice.answer("WHO bob %na").front(), ":irc.test 354 alice bob bobby");
}

TEST(whowas, tells_who_had_a_nick_the_last_first) {
  meeting at;
  person& alice = at.arrives("alice");
  at.arrives("bob").says("QUIT");
  at.passes(1s);
  person& other = at.enters("192.0.2.7");
  other.says("NICK Bob");
  other.says("USER second 0 * :Second");
  other.says("NICK robert");
  const std::string last = ":irc.test 314 alice Bob second 192.0.2.7 * :Second";
  const std::string last_server = ":irc.test 312 alice Bob irc.test :2011-10-19T16:40:52.620Z";
  const std::string first = ":irc.test 314 alice bob bob 192.0.2.1 * :bob the person";
  const std::string first_server = ":irc.test 312 alice bob irc.test :2011-10-19T16:40:51.620Z";
  const std::string end = ":irc.test 369 alice BOB :End of WHOWAS";
  EXPECT_THAT(alice.answer("WHOWAS BOB"), ElementsAre(last, last_server, first, first_server, end));
  EXPECT_THAT(alice.answer("WHOWAS BOB 1"), ElementsAre(last, last_server, end));
  EXPECT_EQ(alice.answer("WHOWAS BOB -1").size(), 5U);
}

TEST(whowas, says_that_there_was_nobody) {
  meeting at;
  person& alice = at.arrives("alice");
  EXPECT_THAT(alice.answer("WHOWAS nobody"),
              ElementsAre(":irc.test 406 alice nobody :There was no such nickname",
                          ":irc.test 369 alice nobody :End of WHOWAS"));
  EXPECT_THAT(alice.answer("WHOWAS"), ElementsAre(":irc.test 431 alice :No nickname given"));
}

TEST(whowas, forgets_the_oldest) {
  meeting at;
  person& alice = at.arrives("alice");
  at.arrives("bob").says("QUIT");
  EXPECT_EQ(alice.answer("WHOWAS bob").size(), 3U);
  for (std::size_t i = 0; i < limits::past_nicks; ++i) {
    alice.says("NICK a" + std::to_string(i));
  }
  EXPECT_THAT(alice.answer("WHOWAS bob").front(), StartsWith(":irc.test 406 "));
}

}  // namespace
}  // namespace pentad::messenger::testing
