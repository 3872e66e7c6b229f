// How news read.

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "apps/messenger/chat/server_time.hpp"
#include "apps/messenger/chat/wording.hpp"

namespace pentad::messenger::chat {
namespace {

using std::chrono_literals::operator""s;
using kind = news::kind;

constexpr wall_time now{1319042451s};

/// Without the time, which depends on the time zone of the machine.
std::string worded(const news& what) {
  const std::string line = wording(what, now);
  const std::string time = time_of_day(what.at.value_or(now)) + " ";
  EXPECT_TRUE(line.starts_with(time)) << line;
  return line.substr(time.size());
}

TEST(wording, of_messages) {
  EXPECT_EQ(worded({kind::message, "bob", "#lobby", "hello"}), "#lobby <bob> hello");
  EXPECT_EQ(worded({kind::message, "bob", "alice", "hello"}), "<bob to alice> hello");
  EXPECT_EQ(worded({kind::notice, "bob", "#lobby", "hello"}), "#lobby -bob- hello");
  EXPECT_EQ(worded({kind::action, "bob", "#lobby", "waves"}), "#lobby * bob waves");
}

TEST(wording, of_all_else_begins_with_dashes) {
  EXPECT_EQ(worded({kind::welcome, "alice"}), "-- you are alice");
  EXPECT_EQ(worded({kind::join, "bob", "#lobby"}), "-- bob has joined #lobby");
  EXPECT_EQ(worded({kind::part, "bob", "#lobby"}), "-- bob has left #lobby");
  EXPECT_EQ(worded({kind::part, "bob", "#lobby", "bye"}), "-- bob has left #lobby (bye)");
  EXPECT_EQ(worded({kind::kick, "bob", "#lobby", "why"}), "-- bob was removed from #lobby (why)");
  EXPECT_EQ(worded({kind::quit, "bob", "", "gone"}), "-- bob has quit (gone)");
  EXPECT_EQ(worded({kind::nick, "bob", "", "rob"}), "-- bob is now called rob");
  EXPECT_EQ(worded({kind::topic, "", "#lobby", "all"}), "-- topic of #lobby: all");
  EXPECT_EQ(worded({kind::names, "", "#lobby", "a b"}), "-- on #lobby: a b");
  EXPECT_EQ(worded({kind::refusal, "", "#x", "no"}), "-- #x: no");
  EXPECT_EQ(worded({kind::refusal, "", "", "no"}), "-- no");
  EXPECT_EQ(worded({kind::farewell, "", "", "bye"}), "-- the server ends the connection (bye)");
  EXPECT_EQ(worded({kind::information, "", "", "well"}), "-- well");
}

TEST(wording, has_the_time_of_the_server_if_there_is_one) {
  news said{kind::message, "bob", "#lobby", "hello"};
  said.at = now + 3661s;
  EXPECT_TRUE(wording(said, now).starts_with(time_of_day(now + 3661s)));
}

TEST(wording, lets_no_control_character_of_strangers_through) {
  const std::string evil = "\x1b[2J\r\n\x07\xff\u009b";
  for (int what = 0; what <= static_cast<int>(kind::farewell); ++what) {
    const std::string line = wording({static_cast<kind>(what), evil, evil, evil}, now);
    EXPECT_EQ(line.find_first_of("\x1b\r\n\x07\xff"), std::string::npos) << what;
    EXPECT_EQ(line.find("\u009b"), std::string::npos) << what;
  }
}

TEST(wording, is_the_same_text_in_colour) {
  const news said{kind::message, "bob", "#lobby", "hello"};
  std::string line = wording(said, now, colours::on);
  EXPECT_NE(line, wording(said, now));
  for (std::size_t start = 0; (start = line.find('\x1b')) != std::string::npos;) {
    line.erase(start, line.find('m', start) - start + 1);
  }
  EXPECT_EQ(line, wording(said, now));
}

}  // namespace
}  // namespace pentad::messenger::chat
