// Labeled Responses and batches (IRCv3).

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/apps/irc_people.hpp"

namespace pentad::messenger::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view labels = "batch labeled-response";

TEST(labeled_response, is_a_line_with_the_label) {
  meeting at;
  person& alice = at.arrives("alice", labels);
  EXPECT_THAT(alice.answer("@label=x1 PING token"),
              ElementsAre("@label=x1 :irc.test PONG irc.test :token"));
  EXPECT_THAT(alice.answer("@label=x2 PRIVMSG nobody :hi"),
              ElementsAre("@label=x2 :irc.test 401 alice nobody :No such nick/channel"));
  EXPECT_THAT(alice.answer("@label=x3 NONSENSE"),
              ElementsAre("@label=x3 :irc.test 421 alice NONSENSE :Unknown command"));
}

TEST(labeled_response, is_an_acknowledgement_when_there_is_nothing_to_say) {
  meeting at;
  person& alice = at.arrives("alice", labels);
  person& bob = at.arrives("bob");
  EXPECT_THAT(alice.answer("@label=x PONG token"), ElementsAre("@label=x :irc.test ACK"));
  EXPECT_THAT(alice.answer("@label=y PRIVMSG bob :hi"), ElementsAre("@label=y :irc.test ACK"));
  EXPECT_THAT(bob.hears(), ElementsAre(":alice!alice@192.0.2.1 PRIVMSG bob :hi"));
}

TEST(labeled_response, is_a_batch_when_there_are_several_lines) {
  meeting at;
  person& alice = at.arrives("alice", labels);
  EXPECT_THAT(
      alice.answer("@label=mGh JOIN #a"),
      ElementsAre("@label=mGh :irc.test BATCH +1 labeled-response",
                  "@batch=1 :alice!alice@192.0.2.1 JOIN :#a",
                  "@batch=1 :irc.test 353 alice = #a :@alice",
                  "@batch=1 :irc.test 366 alice #a :End of /NAMES list", ":irc.test BATCH -1"));
  EXPECT_EQ(alice.answer("@label=next WHO #a").front(),
            "@label=next :irc.test BATCH +2 labeled-response");
}

TEST(labeled_response, has_all_other_tags_too) {
  meeting at;
  person& alice =
      at.arrives("alice", "batch labeled-response server-time echo-message message-tags");
  EXPECT_THAT(alice.answer("@label=x;+a=b PRIVMSG alice2,bob :hi").size(), 4U);
  at.arrives("bob");
  EXPECT_THAT(alice.answer("@label=y;+a=b PRIVMSG bob :hi"),
              ElementsAre("@label=y;time=2011-10-19T16:40:51.620Z;" + msgid(1) +
                          ";+a=b :alice!alice@192.0.2.1 PRIVMSG bob :hi"));
  EXPECT_THAT(alice.answer("@label=z PONG x"),
              ElementsAre("@label=z;time=2011-10-19T16:40:51.620Z :irc.test ACK"));
}

TEST(labeled_response, of_a_message_to_oneself_is_the_echo_alone) {
  meeting at;
  person& alice = at.arrives("alice", "batch labeled-response echo-message");
  EXPECT_THAT(alice.answer("@label=x PRIVMSG alice :hi"),
              ElementsAre(":alice!alice@192.0.2.1 PRIVMSG alice :hi",
                          "@label=x :alice!alice@192.0.2.1 PRIVMSG alice :hi"));
}

TEST(labeled_response, is_for_those_who_asked_for_batches_too) {
  meeting at;
  EXPECT_THAT(at.arrives("alice", "labeled-response").answer("@label=x PONG y"), IsEmpty());
  EXPECT_THAT(at.arrives("bob", "batch").answer("@label=x PONG y"), IsEmpty());
  person& carol = at.arrives("carol", labels);
  EXPECT_THAT(carol.answer("@label PONG y"), IsEmpty());
  EXPECT_THAT(carol.answer("@label=" + std::string(65, 'x') + " PONG y"), IsEmpty());
  EXPECT_EQ(carol.answer("@label=" + std::string(64, 'x') + " PONG y").size(), 1U);
}

TEST(labeled_response, comes_before_the_end_of_the_session) {
  configuration settings = meeting::unlimited();
  settings.password = "sesame";
  meeting at{settings};
  person& alice = at.enters();
  alice.says("CAP REQ :batch labeled-response");
  alice.says("NICK alice");
  alice.says("USER alice 0 * :Alice");
  alice.hears();
  EXPECT_THAT(alice.answer("@label=x CAP END"),
              ElementsAre("@label=x :irc.test 464 alice :Password incorrect",
                          "ERROR :Closing Link: 192.0.2.1 (Password incorrect)"));
}

}  // namespace
}  // namespace pentad::messenger::testing
