// CAP (IRCv3 "Client Capability Negotiation") and the capabilities themselves.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/apps/irc_people.hpp"

namespace pentad::messenger::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr std::string_view all_capabilities =
    "account-notify account-tag away-notify batch cap-notify chghost draft/channel-rename "
    "draft/message-redaction draft/no-implicit-names echo-message extended-join extended-monitor "
    "invite-notify labeled-response message-tags multi-prefix server-time setname "
    "standard-replies userhost-in-names";

TEST(cap_ls, lists_what_there_is_and_suspends_registration) {
  meeting at;
  person& alice = at.enters();
  EXPECT_THAT(alice.answer("CAP LS 302"),
              ElementsAre(":irc.test CAP * LS :" + std::string{all_capabilities}));
  alice.says("NICK alice");
  EXPECT_THAT(alice.answer("USER a 0 * :Alice"), IsEmpty());
  EXPECT_THAT(alice.answer("CAP END"), Contains(StartsWith(":irc.test 001 alice :")));
}

TEST(cap_req, takes_all_or_nothing_and_suspends_registration) {
  meeting at;
  person& alice = at.enters();
  EXPECT_THAT(alice.answer("CAP REQ :echo-message sasl"),
              ElementsAre(":irc.test CAP * NAK :echo-message sasl"));
  EXPECT_THAT(alice.answer("CAP LIST"), ElementsAre(":irc.test CAP * LIST :"));
  EXPECT_THAT(alice.answer("CAP REQ :echo-message message-tags"),
              ElementsAre(":irc.test CAP * ACK :echo-message message-tags"));
  EXPECT_THAT(alice.answer("CAP LIST"),
              ElementsAre(":irc.test CAP * LIST :echo-message message-tags"));
  alice.says("NICK alice");
  EXPECT_THAT(alice.answer("USER a 0 * :Alice"), IsEmpty());
  EXPECT_THAT(alice.answer("CAP END"), Contains(StartsWith(":irc.test 001 alice :")));
}

TEST(cap_req, can_take_a_capability_away) {
  meeting at;
  person& alice = at.arrives("alice", "echo-message message-tags");
  EXPECT_THAT(alice.answer("CAP REQ :-echo-message -server-time"),
              ElementsAre(":irc.test CAP alice ACK :-echo-message -server-time"));
  EXPECT_THAT(alice.answer("CAP LIST"), ElementsAre(":irc.test CAP alice LIST :message-tags"));
  EXPECT_THAT(alice.answer("CAP REQ :-nonsense"),
              ElementsAre(":irc.test CAP alice NAK :-nonsense"));
}

TEST(cap, is_understood_after_registration_too_where_end_means_nothing) {
  meeting at;
  person& alice = at.arrives("alice");
  EXPECT_THAT(alice.answer("CAP LS"),
              ElementsAre(":irc.test CAP alice LS :" + std::string{all_capabilities}));
  EXPECT_THAT(alice.answer("CAP END"), IsEmpty());
  EXPECT_THAT(alice.answer("PING x"), ElementsAre(":irc.test PONG irc.test :x"));
}

TEST(cap, names_a_subcommand_that_it_does_not_know) {
  meeting at;
  person& alice = at.enters();
  EXPECT_THAT(alice.answer("CAP FOO"), ElementsAre(":irc.test 410 * FOO :Invalid CAP command"));
  EXPECT_THAT(alice.answer("CAP"), ElementsAre(":irc.test 461 * CAP :Not enough parameters"));
}

TEST(server_time, is_on_every_line_from_the_one_after_the_acknowledgement) {
  meeting at;
  person& alice = at.enters();
  EXPECT_THAT(alice.answer("CAP REQ server-time"), ElementsAre(":irc.test CAP * ACK :server-time"));
  alice.says("NICK alice");
  alice.says("USER alice 0 * :Alice");
  alice.says("CAP END");
  for (const std::string& line : alice.hears()) {
    EXPECT_THAT(line, StartsWith("@time=2011-10-19T16:40:51.620Z :irc.test "));
  }
  alice.says("JOIN #a");
  alice.hears();
  person& bob = at.arrives("bob");
  at.passes(1ms);
  bob.says("JOIN #a");
  EXPECT_THAT(alice.hears(),
              ElementsAre("@time=2011-10-19T16:40:51.621Z :bob!bob@192.0.2.1 JOIN :#a"));
}

TEST(server_time, has_all_its_digits_on_any_day) {
  const auto text = [](wall_time at) {
    std::string out;
    append_server_time(out, at);
    return out;
  };
  EXPECT_EQ(text(wall_time{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(text(wall_time{951'782'399'007ms}), "2000-02-28T23:59:59.007Z");
  EXPECT_EQ(text(wall_time{951'782'400'000ms}), "2000-02-29T00:00:00.000Z");
  EXPECT_EQ(text(wall_time{253'402'300'799'999ms}), "9999-12-31T23:59:59.999Z");
}

TEST(echo_message, gives_messages_back_to_those_who_sent_them) {
  meeting at;
  person& alice = at.arrives("alice", "echo-message");
  person& bob = at.arrives("bob");
  for (person* one : {&alice, &bob}) one->says("JOIN #a");
  alice.hears();
  bob.hears();
  EXPECT_THAT(alice.answer("PRIVMSG #A :hi"), ElementsAre(":alice!alice@192.0.2.1 PRIVMSG #a :hi"));
  EXPECT_THAT(alice.answer("NOTICE bob :hi"), ElementsAre(":alice!alice@192.0.2.1 NOTICE bob :hi"));
  EXPECT_THAT(bob.hears(), ElementsAre(":alice!alice@192.0.2.1 PRIVMSG #a :hi",
                                       ":alice!alice@192.0.2.1 NOTICE bob :hi"));
  EXPECT_THAT(bob.answer("PRIVMSG #a :hello"), IsEmpty());
}

TEST(echo_message, does_not_echo_what_was_not_delivered) {
  meeting at;
  person& alice = at.arrives("alice", "echo-message");
  EXPECT_THAT(alice.answer("PRIVMSG nobody :hi"),
              ElementsAre(":irc.test 401 alice nobody :No such nick/channel"));
  EXPECT_THAT(alice.answer("NOTICE nobody :hi"), IsEmpty());
}

TEST(echo_message, comes_in_addition_to_a_message_to_oneself) {
  meeting at;
  person& alice = at.arrives("alice", "echo-message");
  EXPECT_THAT(alice.answer("PRIVMSG alice :note"),
              ElementsAre(":alice!alice@192.0.2.1 PRIVMSG alice :note",
                          ":alice!alice@192.0.2.1 PRIVMSG alice :note"));
}

TEST(message_tags, hands_client_only_tags_to_those_who_asked_for_tags) {
  meeting at;
  person& alice = at.arrives("alice", "message-tags");
  person& bob = at.arrives("bob", "message-tags");
  person& carol = at.arrives("carol");
  person& dave = at.arrives("dave", "message-tags server-time");
  person& erin = at.arrives("erin", "server-time");
  for (person* one : {&alice, &bob, &carol, &dave, &erin}) one->says("JOIN #a");
  for (person* one : {&alice, &bob, &carol, &dave, &erin}) one->hears();
  alice.says("@time=1;+draft/reply=x\\sy;label=3;+b PRIVMSG #a :hi");
  EXPECT_THAT(
      bob.hears(),
      ElementsAre("@" + msgid(1) + ";+draft/reply=x\\sy;+b :alice!alice@192.0.2.1 PRIVMSG #a :hi"));
  EXPECT_THAT(carol.hears(), ElementsAre(":alice!alice@192.0.2.1 PRIVMSG #a :hi"));
  EXPECT_THAT(dave.hears(), ElementsAre("@time=2011-10-19T16:40:51.620Z;" + msgid(1) +
                                        ";+draft/reply=x\\sy;+b "
                                        ":alice!alice@192.0.2.1 PRIVMSG #a :hi"));
  EXPECT_THAT(erin.hears(), ElementsAre("@time=2011-10-19T16:40:51.620Z "
                                        ":alice!alice@192.0.2.1 PRIVMSG #a :hi"));
}

TEST(message_tags, ignores_tags_of_those_who_did_not_ask_for_them) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob", "message-tags");
  alice.says("@+a=b PRIVMSG bob :hi");
  EXPECT_THAT(bob.hears(), ElementsAre("@" + msgid(1) + " :alice!alice@192.0.2.1 PRIVMSG bob :hi"));
}

TEST(tagmsg, goes_to_those_alone_who_asked_for_tags) {
  meeting at;
  person& alice = at.arrives("alice", "message-tags echo-message");
  person& bob = at.arrives("bob", "message-tags");
  person& carol = at.arrives("carol");
  for (person* one : {&alice, &bob, &carol}) one->says("JOIN #a");
  for (person* one : {&alice, &bob, &carol}) one->hears();
  EXPECT_THAT(alice.answer("@+typing=active TAGMSG #a"),
              ElementsAre("@" + msgid(1) + ";+typing=active :alice!alice@192.0.2.1 TAGMSG #a"));
  EXPECT_THAT(bob.hears(),
              ElementsAre("@" + msgid(1) + ";+typing=active :alice!alice@192.0.2.1 TAGMSG #a"));
  EXPECT_THAT(carol.hears(), IsEmpty());
  alice.says("@+typing=done TAGMSG bob,carol");
  EXPECT_THAT(bob.hears(),
              ElementsAre("@" + msgid(2) + ";+typing=done :alice!alice@192.0.2.1 TAGMSG bob"));
  EXPECT_THAT(carol.hears(), IsEmpty());
}

TEST(tagmsg, carries_reactions_to_messages) {
  meeting at;
  person& alice = at.arrives("alice", "message-tags");
  person& bob = at.arrives("bob", "message-tags");
  for (person* one : {&alice, &bob}) one->says("JOIN #a");
  alice.says("PRIVMSG #a :lunch?");
  alice.hears();
  bob.says("@+draft/reply=" + msgid(1).substr(6) + ";+draft/react=\xf0\x9f\x8d\x95 TAGMSG #a");
  EXPECT_THAT(alice.hears(),
              ElementsAre("@" + msgid(2) + ";+draft/reply=" + msgid(1).substr(6) +
                          ";+draft/react=\xf0\x9f\x8d\x95 :bob!bob@192.0.2.1 TAGMSG #a"));
}

TEST(tagmsg, is_answered_like_a_message) {
  meeting at;
  person& alice = at.arrives("alice", "message-tags");
  EXPECT_THAT(alice.answer("@+a TAGMSG"),
              ElementsAre(":irc.test 411 alice :No recipient given (TAGMSG)"));
  EXPECT_THAT(alice.answer("@+a TAGMSG nobody"),
              ElementsAre(":irc.test 401 alice nobody :No such nick/channel"));
  EXPECT_THAT(at.arrives("bob").answer("TAGMSG alice"),
              ElementsAre(":irc.test 421 bob TAGMSG :Unknown command"));
}

}  // namespace
}  // namespace pentad::messenger::testing
