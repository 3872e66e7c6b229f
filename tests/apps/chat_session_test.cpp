// A person's session, against an imagined server.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apps/messenger/chat/session.hpp"

namespace pentad::messenger::chat {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using std::chrono_literals::operator""s;
using kind = news::kind;

/// A session, and the clock and words of its server.
class visit {
 public:
  explicit visit(std::string channel = "#lobby")
      : session({.nick = "alice", .real_name = "Alice", .channel = std::move(channel)}) {}

  std::optional<news> hears(std::string_view line) { return session.hear(line, now); }

  /// The lines that it sent since this was last asked.
  std::vector<std::string> sends() {
    std::vector<std::string> lines;
    std::string output = std::exchange(session.output(), {});
    for (std::size_t end = 0; (end = output.find("\r\n")) != std::string::npos;) {
      lines.push_back(output.substr(0, end));
      output.erase(0, end + 2);
    }
    EXPECT_EQ(output, "");
    return lines;
  }

  /// Up to the channel, with echoes unless the server has none.
  visit& arrives(bool echoes = true) {
    hears(echoes ? ":srv CAP * ACK :echo-message server-time"
                 : ":srv CAP * NAK :echo-message server-time");
    if (!echoes) {
      hears(":srv CAP * NAK :echo-message");
      hears(":srv CAP * NAK :server-time");
    }
    hears(":srv 001 alice :Welcome");
    hears(":alice!pentad@192.0.2.1 JOIN #lobby");
    sends();
    return *this;
  }

  void says(std::string_view text) { session.say("#lobby", text, now); }
  void echoes(std::string_view text) {
    hears(":alice!pentad@192.0.2.1 PRIVMSG #lobby :" + std::string(text));
  }

  chat::session session;
  instant now{1000s};
};

TEST(chat_session, registers_and_joins) {
  visit one;
  EXPECT_THAT(one.sends(), ElementsAre("CAP REQ :echo-message server-time", "NICK :alice",
                                       "USER pentad 0 * :Alice"));
  EXPECT_FALSE(one.hears(":srv CAP alice ACK :echo-message server-time"));
  EXPECT_THAT(one.sends(), ElementsAre("CAP END"));
  const auto welcome = one.hears(":srv 001 alice :Welcome to the network");
  ASSERT_TRUE(welcome);
  EXPECT_EQ(welcome->what, kind::welcome);
  EXPECT_EQ(welcome->who, "alice");
  EXPECT_TRUE(one.session.registered());
  EXPECT_TRUE(one.session.echoes());
  EXPECT_THAT(one.sends(), ElementsAre("JOIN #lobby"));
  EXPECT_FALSE(one.session.is_on("#lobby"));
  const auto joined = one.hears(":alice!pentad@192.0.2.1 JOIN #lobby");
  ASSERT_TRUE(joined);
  EXPECT_EQ(joined->what, kind::join);
  EXPECT_TRUE(joined->own);
  EXPECT_TRUE(one.session.is_on("#LOBBY"));
}

TEST(chat_session, asks_for_capabilities_one_by_one_when_it_cannot_have_all) {
  visit one;
  one.sends();
  one.hears(":srv CAP * NAK :echo-message server-time");
  EXPECT_THAT(one.sends(), ElementsAre("CAP REQ :echo-message", "CAP REQ :server-time"));
  one.hears(":srv CAP * ACK :echo-message");
  EXPECT_THAT(one.sends(), IsEmpty());
  one.hears(":srv CAP * NAK :server-time");
  EXPECT_THAT(one.sends(), ElementsAre("CAP END"));
  EXPECT_TRUE(one.session.echoes());
}

TEST(chat_session, does_without_capabilities) {
  visit one;
  one.sends();
  EXPECT_FALSE(one.hears(":srv 421 alice CAP :Unknown command"));
  EXPECT_TRUE(one.hears(":srv 001 alice :Welcome"));
  EXPECT_FALSE(one.session.rejected());
  EXPECT_FALSE(one.session.echoes());
  EXPECT_THAT(one.sends(), ElementsAre("JOIN #lobby"));
}

TEST(chat_session, tries_other_nicks_when_its_own_is_taken) {
  visit one;
  one.sends();
  const auto told = one.hears(":srv 433 * alice :Nickname is already in use");
  ASSERT_TRUE(told);
  EXPECT_EQ(told->text, "alice is taken, trying alice_");
  EXPECT_THAT(one.sends(), ElementsAre("NICK :alice_"));
  one.hears(":srv 433 * alice_ :Nickname is already in use");
  EXPECT_THAT(one.sends(), ElementsAre("NICK :alice__"));
  one.hears(":srv 001 alice__ :Welcome");
  EXPECT_EQ(one.session.nick(), "alice__");
}

TEST(chat_session, gives_up_when_all_nicks_are_taken) {
  visit one;
  for (int i = 0; i < session::other_nicks; ++i) {
    EXPECT_EQ(one.hears(":srv 433 * x :in use")->what, kind::information);
    EXPECT_FALSE(one.session.rejected());
  }
  EXPECT_EQ(one.hears(":srv 433 * x :in use")->what, kind::refusal);
  EXPECT_TRUE(one.session.rejected());
}

TEST(chat_session, is_rejected_with_the_words_of_the_server) {
  visit one;
  const auto refusal = one.hears(":srv 464 alice :Password incorrect");
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->what, kind::refusal);
  EXPECT_EQ(refusal->text, "Password incorrect");
  EXPECT_TRUE(one.session.rejected());
}

TEST(chat_session, answers_ping) {
  visit one;
  one.arrives();
  EXPECT_FALSE(one.hears("PING :some token"));
  EXPECT_THAT(one.sends(), ElementsAre("PONG :some token"));
}

TEST(chat_session, probes_a_silent_server_once) {
  visit one;
  one.arrives();
  EXPECT_TRUE(one.session.probe());
  EXPECT_THAT(one.sends(), ElementsAre("PING :pentad"));
  EXPECT_FALSE(one.session.probe());
  one.hears(":srv PONG srv :pentad");
  EXPECT_TRUE(one.session.probe());
}

TEST(chat_session, sends_messages_and_sees_them_come_back) {
  visit one;
  one.arrives();
  one.says("hello");
  EXPECT_THAT(one.sends(), ElementsAre("PRIVMSG #lobby :hello"));
  EXPECT_EQ(one.session.unfinished(), 1);
  one.echoes("hello");
  EXPECT_EQ(one.session.unfinished(), 0);
  EXPECT_EQ(one.session.failed(), 0);
}

TEST(chat_session, has_few_messages_unanswered_at_a_time) {
  visit one;
  one.arrives();
  for (int i = 0; i < 10; ++i) one.says(std::to_string(i));
  EXPECT_THAT(one.sends(), SizeIs(session::window));
  EXPECT_EQ(one.session.unsent(), 10 - session::window);
  one.echoes("0");
  EXPECT_THAT(one.sends(), ElementsAre("PRIVMSG #lobby :4"));
  for (int i = 1; i < 10; ++i) one.echoes(std::to_string(i));
  EXPECT_EQ(one.session.unfinished(), 0);
  EXPECT_EQ(one.session.failed(), 0);
}

TEST(chat_session, waits_with_messages_until_it_is_registered) {
  visit one;
  one.sends();
  one.says("early");
  EXPECT_THAT(one.sends(), IsEmpty());
  one.hears(":srv CAP * ACK :echo-message server-time");
  one.hears(":srv 001 alice :Welcome");
  EXPECT_THAT(one.sends(), ElementsAre("CAP END", "JOIN #lobby", "PRIVMSG #lobby :early"));
}

TEST(chat_session, takes_only_its_own_words_for_an_echo) {
  visit one;
  one.arrives();
  one.says("hello");
  one.hears(":bob!b@192.0.2.2 PRIVMSG #lobby :hello");
  one.hears(":alice!pentad@192.0.2.1 PRIVMSG #other :hello");
  one.hears(":alice!pentad@192.0.2.1 NOTICE #lobby :hello");
  EXPECT_EQ(one.session.unfinished(), 1);
  one.hears(":alice!pentad@192.0.2.1 PRIVMSG #LOBBY :hello");
  EXPECT_EQ(one.session.unfinished(), 0);
}

TEST(chat_session, counts_a_message_as_failed_that_a_later_echo_passes) {
  visit one;
  one.arrives();
  one.says("lost");
  one.says("kept");
  one.echoes("kept");
  EXPECT_EQ(one.session.unfinished(), 0);
  EXPECT_EQ(one.session.failed(), 1);
}

TEST(chat_session, counts_a_refused_message_as_failed) {
  visit one;
  one.arrives();
  one.session.say("nobody", "hello", one.now);
  one.says("here");
  const auto refusal = one.hears(":srv 401 alice nobody :No such nick/channel");
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->what, kind::refusal);
  EXPECT_EQ(refusal->where, "nobody");
  EXPECT_EQ(one.session.failed(), 1);
  one.echoes("here");
  EXPECT_EQ(one.session.failed(), 1);
  EXPECT_EQ(one.session.unfinished(), 0);

  one.says("odd");
  one.hears(":srv FAIL PRIVMSG INVALID_UTF8 :Message rejected");
  EXPECT_EQ(one.session.failed(), 2);
  one.says("long");
  one.hears(":srv 417 alice :Input line was too long");
  EXPECT_EQ(one.session.failed(), 3);
}

TEST(chat_session, does_not_wait_for_an_echo_for_ever) {
  visit one;
  one.arrives();
  for (int i = 0; i < 5; ++i) one.says(std::to_string(i));
  one.sends();
  one.now += session::patience - 1s;
  one.session.advance(one.now);
  EXPECT_EQ(one.session.failed(), 0);
  one.now += 1s;
  one.session.advance(one.now);
  EXPECT_EQ(one.session.failed(), session::window);
  EXPECT_THAT(one.sends(), ElementsAre("PRIVMSG #lobby :4"));
  EXPECT_EQ(one.session.unfinished(), 1);
}

TEST(chat_session, sends_at_once_where_nothing_comes_back) {
  visit one;
  one.arrives(false);
  for (int i = 0; i < 10; ++i) one.says(std::to_string(i));
  EXPECT_THAT(one.sends(), SizeIs(10));
  EXPECT_EQ(one.session.unfinished(), 0);
}

TEST(chat_session, cuts_long_texts_so_that_others_get_them_whole) {
  visit one;
  one.arrives();
  std::string text;
  for (int i = 0; i < 300; ++i) text += "word" + std::to_string(i) + " ";
  text += "end";
  one.says(text);
  std::string again;
  while (one.session.unfinished() > 0) {
    for (const std::string& line : one.sends()) {
      ASSERT_TRUE(line.starts_with("PRIVMSG #lobby :"));
      EXPECT_LE((":alice!pentad@192.0.2.1 " + line + "\r\n").size(), 512);
      EXPECT_GT(line.size(), 300);
      const std::string piece = line.substr(16);
      again += (again.empty() ? "" : " ") + piece;
      one.echoes(piece);
      if (again.size() > text.size()) break;
    }
    if (one.session.unsent() == 0 && again == text) break;
  }
  EXPECT_EQ(again, text);
}

TEST(chat_session, lets_no_text_break_the_line) {
  visit one;
  one.arrives();
  one.says(std::string_view("a\r\nQUIT :b\0c", 12));
  EXPECT_THAT(one.sends(), ElementsAre("PRIVMSG #lobby :a  QUIT :b c"));
}

TEST(chat_session, sends_nothing_that_is_not_utf8) {
  visit one;
  one.arrives();
  EXPECT_FALSE(one.session.say("#lobby", "caf\xe9", one.now));
  EXPECT_THAT(one.sends(), IsEmpty());
  EXPECT_EQ(one.session.failed(), 1);
}

TEST(chat_session, hears_messages_with_their_time) {
  visit one;
  one.arrives();
  const auto said =
      one.hears("@time=2011-10-19T16:40:51.620Z :bob!b@192.0.2.2 PRIVMSG #lobby :hi there");
  ASSERT_TRUE(said);
  EXPECT_EQ(said->what, kind::message);
  EXPECT_EQ(said->who, "bob");
  EXPECT_EQ(said->where, "#lobby");
  EXPECT_EQ(said->text, "hi there");
  EXPECT_FALSE(said->own);
  ASSERT_TRUE(said->at);
  EXPECT_EQ(said->at->time_since_epoch().count(), 1319042451620);
  EXPECT_FALSE(one.hears("@time=nonsense :bob!b@192.0.2.2 PRIVMSG #lobby :hi")->at);
}

TEST(chat_session, hears_actions_and_requests_of_clients) {
  visit one;
  one.arrives();
  const auto waves = one.hears(
      ":bob!b@h PRIVMSG #lobby :\x01"
      "ACTION waves\x01");
  EXPECT_EQ(waves->what, kind::action);
  EXPECT_EQ(waves->text, "waves");
  const auto asks = one.hears(":bob!b@h PRIVMSG alice :\x01VERSION\x01");
  EXPECT_EQ(asks->what, kind::notice);
  EXPECT_EQ(asks->text, "VERSION");
  EXPECT_THAT(one.sends(), IsEmpty());
}

TEST(chat_session, knows_who_comes_and_goes) {
  visit one;
  one.arrives();
  EXPECT_EQ(one.hears(":bob!b@h JOIN #lobby")->what, kind::join);
  EXPECT_EQ(one.hears(":bob!b@h NICK :rob")->text, "rob");
  const auto left = one.hears(":rob!b@h PART #lobby :bye");
  EXPECT_EQ(left->what, kind::part);
  EXPECT_EQ(left->text, "bye");
  EXPECT_EQ(one.hears(":rob!b@h QUIT :gone")->text, "gone");
  const auto kicked = one.hears(":op!o@h KICK #lobby carol :enough");
  EXPECT_EQ(kicked->what, kind::kick);
  EXPECT_EQ(kicked->who, "carol");
  EXPECT_EQ(kicked->text, "enough");
  EXPECT_TRUE(one.session.is_on("#lobby"));
}

TEST(chat_session, follows_its_own_moves) {
  visit one;
  one.arrives();
  one.hears(":alice!pentad@h NICK :eve");
  EXPECT_EQ(one.session.nick(), "eve");
  one.hears(":eve!pentad@h JOIN #other");
  one.hears(":eve!pentad@h PART #lobby");
  EXPECT_FALSE(one.session.is_on("#lobby"));
  one.hears(":op!o@h KICK #other eve :out");
  EXPECT_FALSE(one.session.is_on("#other"));
}

TEST(chat_session, hears_lists_and_texts_of_the_server) {
  visit one;
  one.arrives();
  const auto names = one.hears(":srv 353 alice = #lobby :@alice bob");
  EXPECT_EQ(names->what, kind::names);
  EXPECT_EQ(names->where, "#lobby");
  EXPECT_EQ(names->text, "@alice bob");
  const auto topic = one.hears(":srv 332 alice #lobby :the topic");
  EXPECT_EQ(topic->what, kind::topic);
  EXPECT_EQ(topic->text, "the topic");
  EXPECT_EQ(one.hears(":srv 372 alice :- motd")->text, "- motd");
  EXPECT_FALSE(one.hears(":srv 005 alice NETWORK=x :are supported by this server"));
  EXPECT_FALSE(one.hears(":srv 366 alice #lobby :End of /NAMES list"));
  EXPECT_FALSE(one.hears(":srv 422 alice :MOTD File is missing"));
  const auto error = one.hears("ERROR :Closing Link");
  EXPECT_EQ(error->what, kind::farewell);
  EXPECT_EQ(error->text, "Closing Link");
}

TEST(chat_session, says_what_the_person_does) {
  visit one;
  one.arrives();
  one.session.join("#other");
  one.session.part("#lobby", "");
  one.session.part("#lobby", "see you");
  one.session.ask_names("#lobby");
  one.session.change_nick("eve");
  one.session.quit("bye");
  one.session.quit("again");
  EXPECT_TRUE(one.session.quitting());
  EXPECT_THAT(one.sends(), ElementsAre("JOIN #other", "PART #lobby", "PART #lobby :see you",
                                       "NAMES #lobby", "NICK :eve", "QUIT :bye"));
}

TEST(chat_session, survives_whatever_a_server_says) {
  for (const std::string_view line : {"",
                                      ":",
                                      ":x",
                                      "@",
                                      "@a",
                                      ":srv",
                                      ":srv 001",
                                      ":srv 332",
                                      ":srv 353",
                                      ":srv 401",
                                      ":srv 433",
                                      ":srv CAP",
                                      ":srv CAP * ACK",
                                      ":srv CAP * ACK :",
                                      "JOIN",
                                      ":alice JOIN",
                                      ":alice PART",
                                      ":alice KICK",
                                      ":alice NICK",
                                      "PRIVMSG",
                                      ":alice PRIVMSG",
                                      "PRIVMSG x",
                                      "PING",
                                      "ERROR",
                                      "FAIL",
                                      ":alice QUIT",
                                      "NOTICE",
                                      "KICK",
                                      "TOPIC",
                                      "PRIVMSG x :\x01",
                                      "PRIVMSG x :\x01\x01"}) {
    visit one;
    one.hears(line);
    one.arrives();
    one.says("hello");
    one.hears(line);
    for (const std::string& sent : one.sends()) {
      EXPECT_EQ(sent.find_first_of(std::string_view("\r\n\0", 3)), std::string::npos) << line;
    }
  }
}

}  // namespace
}  // namespace pentad::messenger::chat
