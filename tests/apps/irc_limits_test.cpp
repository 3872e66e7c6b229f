// What one client cannot do to the server or to others: long lines, bytes that are no text, floods,
// and never reading.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/apps/irc_invariants.hpp"
#include "tests/apps/irc_people.hpp"

namespace pentad::messenger::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(a_long_line, is_refused_and_the_next_one_is_heard) {
  meeting at;
  person& alice = at.arrives("alice");
  alice.sends("PING " + std::string(600, 'x') + "\r\nPING y\r\n");
  EXPECT_THAT(alice.hears(), ElementsAre(":irc.test 417 alice :Input line was too long",
                                         ":irc.test PONG irc.test :y"));
}

TEST(a_long_line, of_a_mebibyte_is_refused_once_and_held_by_nobody) {
  meeting at;
  person& alice = at.arrives("alice");
  const std::string part(4096, 'x');
  for (int i = 0; i < 256; ++i) {
    alice.sends(part);
    ASSERT_LE(alice.session().input.held(), 4608U);
  }
  alice.sends("\r\n");
  EXPECT_THAT(alice.hears(), ElementsAre(":irc.test 417 alice :Input line was too long"));
  EXPECT_EQ(alice.session().input.held(), 0U);
  EXPECT_THAT(alice.answer("PING x"), ElementsAre(":irc.test PONG irc.test :x"));
}

TEST(a_long_line, is_measured_without_its_tags_and_the_tags_without_it) {
  meeting at;
  person& alice = at.arrives("alice", "message-tags");
  const std::string line = "PRIVMSG alice :" + std::string(510 - 15, 'x');
  const std::string tags = "@+t=" + std::string(4094 - 3, 'y');
  EXPECT_EQ(alice.answer(tags + " " + line).size(), 1U);
  EXPECT_THAT(alice.answer(tags + "z PING x"),
              ElementsAre(":irc.test 417 alice :Input line was too long"));
  EXPECT_THAT(alice.answer(line + "x"),
              ElementsAre(":irc.test 417 alice :Input line was too long"));
}

TEST(a_long_line, is_what_the_configuration_says) {
  configuration settings = meeting::unlimited();
  settings.limit.line = {.line = 1024, .tags = 10};
  meeting at{settings};
  person& alice = at.arrives("alice");
  EXPECT_THAT(alice.answer("PING " + std::string(900, 'x')),
              ElementsAre(":irc.test PONG irc.test :" + std::string(900, 'x')));
  EXPECT_THAT(alice.answer("@+01234567890 PING x"),
              ElementsAre(":irc.test 417 alice :Input line was too long"));
}

TEST(text_that_is_not_utf8, is_refused_and_reaches_nobody) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  const std::string reason =
      "INVALID_UTF8 :Message rejected, your IRC software MUST use UTF-8 encoding on this network";
  EXPECT_THAT(alice.answer("privmsg bob :caf\xe9"),
              ElementsAre(":irc.test FAIL PRIVMSG " + reason));
  EXPECT_THAT(alice.answer("caf\xe9"), ElementsAre(":irc.test FAIL * " + reason));
  EXPECT_THAT(at.enters().answer("USER a 0 * :\xff"), ElementsAre(":irc.test FAIL USER " + reason));
  EXPECT_THAT(bob.hears(), IsEmpty());
}

TEST(half_lines, wait_for_their_other_half) {
  meeting at;
  person& alice = at.arrives("alice");
  for (const char byte : std::string_view{"PING x\r\n"}) alice.sends({&byte, 1});
  EXPECT_THAT(alice.hears(), ElementsAre(":irc.test PONG irc.test :x"));
}

/// A server as it is without a configuration: five lines at once, then two a second.
class a_flood : public ::testing::Test {
 protected:
  static configuration defaults() {
    configuration settings = meeting::unlimited();
    settings.limit.messages_per_second = 2;
    return settings;
  }

  static std::string pings(int first, int last) {
    std::string bytes;
    for (int i = first; i <= last; ++i) bytes += "PING " + std::to_string(i) + "\r\n";
    return bytes;
  }

  static std::string pong(int number) {
    return ":irc.test PONG irc.test :" + std::to_string(number);
  }

  meeting at{defaults()};
  person& alice = at.arrives("alice");
};

TEST_F(a_flood, is_answered_five_times_and_then_twice_a_second_and_nothing_is_lost) {
  alice.sends(pings(1, 9));
  EXPECT_THAT(alice.hears(), ElementsAre(pong(1), pong(2), pong(3), pong(4), pong(5)));
  EXPECT_TRUE(alice.session().delayed());
  at.passes(499ms);
  EXPECT_THAT(alice.hears(), IsEmpty());
  at.passes(1ms);
  EXPECT_THAT(alice.hears(), ElementsAre(pong(6)));
  at.passes(1s);
  EXPECT_THAT(alice.hears(), ElementsAre(pong(7), pong(8)));
  EXPECT_TRUE(alice.session().delayed());
  at.passes(500ms);
  EXPECT_THAT(alice.hears(), ElementsAre(pong(9)));
  EXPECT_FALSE(alice.session().delayed());
}

TEST_F(a_flood, may_come_again_after_a_rest) {
  alice.sends(pings(1, 5));
  EXPECT_EQ(alice.hears().size(), 5U);
  at.passes(2500ms);
  alice.sends(pings(1, 6));
  EXPECT_EQ(alice.hears().size(), 5U);
}

TEST_F(a_flood, does_not_delay_others) {
  person& bob = at.arrives("bob");
  alice.sends(pings(1, 100));
  alice.hears();
  EXPECT_THAT(bob.answer("PING x"), ElementsAre(":irc.test PONG irc.test :x"));
}

TEST_F(a_flood, tells_the_transport_when_to_stop_reading_and_when_to_go_on) {
  at.desk().flush();
  const std::size_t before = alice.times_attended();
  alice.sends(pings(1, 6));
  at.desk().flush();
  EXPECT_EQ(alice.times_attended(), before + 1);
  EXPECT_EQ(at.desk().next_deadline(), at.now().steady + 500ms);
  alice.hears();
  at.passes(500ms);
  at.desk().flush();
  EXPECT_EQ(alice.times_attended(), before + 2);
}

TEST_F(a_flood, from_a_transport_that_does_not_stop_is_ended) {
  for (int i = 0; i < 200 && !alice.session().closing(); ++i) alice.sends(pings(1, 1000));
  EXPECT_EQ(alice.hears().back(), "ERROR :Closing Link: 192.0.2.1 (Excess Flood)");
}

TEST_F(a_flood, leaves_room_for_a_fresh_start_after_registration) {
  person& bob = at.enters();
  for (const std::string_view line :
       {"CAP LS 302", "NICK bob", "USER b 0 * :b", "CAP REQ server-time", "CAP END"}) {
    bob.says(line);
  }
  EXPECT_TRUE(bob.session().registered());
  bob.hears();
  bob.sends(pings(1, 5));
  EXPECT_EQ(bob.hears().size(), 5U);
}

/// Two members of a channel, and one who never reads.
class a_slow_reader : public ::testing::Test {
 protected:
  static configuration small_queues() {
    configuration settings = meeting::unlimited();
    settings.limit.send_queue = 16'384;
    return settings;
  }

  a_slow_reader() {
    for (person* one : {&alice, &bob, &slow}) one->says("JOIN #a");
    for (person* one : {&alice, &bob}) one->hears();
  }

  void talk() {
    for (int i = 0; i < 100; ++i) {
      alice.says("PRIVMSG #a :" + std::string(400, 'x'));
      heard_by_bob += bob.hears().size();
      alice.hears();
    }
  }

  meeting at{small_queues()};
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  person& slow = at.arrives("slow");
  std::size_t heard_by_bob = 0;
};

TEST_F(a_slow_reader, is_dropped_with_a_reason_and_others_are_not_affected) {
  talk();
  EXPECT_TRUE(slow.session().closing());
  EXPECT_THAT(slow.hears(), ElementsAre("ERROR :Closing Link: 192.0.2.1 (SendQ exceeded)"));
  EXPECT_EQ(heard_by_bob, 101U);  // a hundred messages and a QUIT
  EXPECT_EQ(at.state().find_channel("#a")->members().size(), 2U);
  EXPECT_TRUE(consistent(at.state()));
}

TEST_F(a_slow_reader, is_not_dropped_below_the_limit) {
  for (int i = 0; i < 30; ++i) alice.says("PRIVMSG #a :" + std::string(400, 'x'));
  EXPECT_FALSE(slow.session().closing());
  EXPECT_LE(slow.session().output.bytes(), 16'384U);
}

TEST_F(a_slow_reader, keeps_what_is_being_sent_until_that_has_ended) {
  alice.says("PRIVMSG #a :first");
  slow.hears();
  alice.says("PRIVMSG #a :in flight");
  send_batch batch;
  ASSERT_TRUE(slow.session().output.take(batch));
  talk();
  EXPECT_TRUE(slow.session().closing());
  const std::span<const std::byte> bytes = batch.bytes();
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()),
            ":alice!alice@192.0.2.1 PRIVMSG #a :in flight\r\n");
  EXPECT_THAT(slow.hears(), ElementsAre(StartsWith("ERROR ")));
}

TEST_F(a_slow_reader, who_fills_its_own_queue_is_dropped_too) {
  for (int i = 0; i < 1000 && !alice.session().closing(); ++i) alice.says("LUSERS");
  EXPECT_THAT(alice.hears(), ElementsAre("ERROR :Closing Link: 192.0.2.1 (SendQ exceeded)"));
  EXPECT_THAT(bob.hears(), ElementsAre(":alice!alice@192.0.2.1 QUIT :SendQ exceeded"));
}

TEST_F(a_slow_reader, may_be_one_of_many_that_go_one_after_the_other) {
  // The QUIT of each is what overflows the next.
  std::vector<person*> crowd;
  for (int i = 0; i < 20; ++i) {
    crowd.push_back(&at.arrives("crowd" + std::to_string(i)));
    crowd.back()->says("JOIN #a");
  }
  talk();
  for (person* one : crowd) {
    EXPECT_THAT(one->hears(), ElementsAre("ERROR :Closing Link: 192.0.2.1 (SendQ exceeded)"));
  }
  EXPECT_TRUE(consistent(at.state()));
  EXPECT_EQ(at.state().find_channel("#a")->members().size(), 2U);
}

TEST(memory, returns_when_everybody_has_gone) {
  meeting at;
  std::vector<person*> crowd;
  for (int i = 0; i < 200; ++i) {
    crowd.push_back(&at.arrives("p" + std::to_string(i)));
    crowd.back()->says("JOIN #all,#half" + std::to_string(i % 2) + ",#own" + std::to_string(i));
    crowd.back()->says("PRIVMSG #all :hello");
    crowd.back()->sends("PRIVMSG #half");
    ASSERT_TRUE(consistent(at.state()));
  }
  EXPECT_EQ(at.state().channels().size(), 203U);
  for (std::size_t i = 0; i < crowd.size(); ++i) {
    switch (i % 3) {
      case 0:
        crowd[i]->sends("\r\nQUIT :bye\r\n");
        break;
      case 1:
        crowd[i]->sends("\r\nPART #all\r\n");
        break;
      default:
        break;
    }
    crowd[i]->goes();
    ASSERT_TRUE(consistent(at.state()));
  }
  EXPECT_EQ(at.state().channels().size(), 0U);
  EXPECT_EQ(at.state().clients().size(), 0U);
  EXPECT_EQ(at.state().count().connected, 0U);
  EXPECT_EQ(at.state().count().registered, 0U);
  EXPECT_EQ(at.desk().next_deadline(), never);
  EXPECT_FALSE(at.desk().has_news());
}

TEST(memory, is_not_held_for_those_who_are_idle) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  for (int i = 0; i < 1000; ++i) alice.says("PRIVMSG bob :" + std::string(400, 'x'));
  bob.hears();
  EXPECT_EQ(bob.session().output.bytes(), 0U);
  EXPECT_TRUE(bob.session().output.lines().empty());
  EXPECT_EQ(bob.session().input.held(), 0U);
  EXPECT_LE(sizeof(client), 640U);
}

}  // namespace
}  // namespace pentad::messenger::testing
