// People's sessions on the real messaging server, both without sockets, on a clock of the test.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apps/messenger/chat/session.hpp"
#include "apps/messenger/irc/line_splitter.hpp"
#include "apps/messenger/server/server.hpp"

namespace pentad::messenger::chat {
namespace {

using ::testing::ElementsAre;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

/// Somebody on the server, and what they were told.
class person final : public transport {
 public:
  person(server& at, std::string nick, moment now)
      : session({.nick = std::move(nick), .real_name = "x", .channel = "#lobby"}),
        server_(at),
        client_(at.connected(*this, "192.0.2.1", now)) {}

  /// Whether something went over the wire.
  bool exchange(moment now) {
    bool moved = false;
    if (!session.output().empty() && !client_.delayed()) {
      const std::string sent = std::exchange(session.output(), {});
      server_.received(client_, std::as_bytes(std::span(sent)), now);
      moved = true;
    }
    server_.flush();
    for (send_batch batch; client_.output.take(batch); moved = true) {
      const auto bytes = batch.bytes();
      lines_.feed({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
      while (const auto line = lines_.next(8192)) {
        if (auto heard = session.hear(line->text, now.steady)) told.push_back(std::move(*heard));
      }
      lines_.keep();
    }
    return moved;
  }

  void attend() override {}
  void cut() noexcept override {}

  /// The messages that others sent.
  std::vector<std::string> messages() const {
    std::vector<std::string> texts;
    for (const news& each : told) {
      if (each.what == news::kind::message && !each.own) texts.push_back(each.text);
    }
    return texts;
  }

  chat::session session;
  std::vector<news> told;

 private:
  server& server_;
  client& client_;
  irc::line_splitter lines_;
};

class meeting {
 public:
  person& arrives(std::string nick) {
    people_.emplace_back(server_, std::move(nick), now());
    settle();
    return people_.back();
  }

  /// Lets everything reach whom it is for.
  void settle() {
    const auto exchange = [this](person& each) { return each.exchange(now()); };
    while (std::ranges::count_if(people_, exchange) > 0) {
    }
  }

  /// Until nothing that `who` said is unanswered, for at most so long.
  void wait_for(const person& who, duration most) {
    settle();
    for (const instant end = steady_ + most; steady_ < end && who.session.unfinished() > 0;) {
      steady_ += 100ms;
      server_.advance(now());
      settle();
    }
  }

  moment now() const { return {steady_, wall_time(std::chrono::hours(24))}; }

 private:
  instant steady_{1000s};
  configuration settings_;
  server server_{settings_, 1, now()};
  std::list<person> people_;
};

TEST(chat_with_server, two_people_write_to_each_other) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  EXPECT_TRUE(alice.session.echoes());
  EXPECT_TRUE(alice.session.is_on("#lobby"));
  alice.session.say("#lobby", "hello all", at.now().steady);
  bob.session.say("alice", "hello you", at.now().steady);
  at.settle();
  EXPECT_THAT(bob.messages(), ElementsAre("hello all"));
  EXPECT_THAT(alice.messages(), ElementsAre("hello you"));
  EXPECT_EQ(alice.session.unfinished() + bob.session.unfinished(), 0);
  EXPECT_EQ(alice.session.failed() + bob.session.failed(), 0);
  EXPECT_EQ(alice.told.back().at, at.now().wall);
}

TEST(chat_with_server, a_taken_nick_gets_a_tail) {
  meeting at;
  at.arrives("alice");
  person& other = at.arrives("alice");
  EXPECT_EQ(other.session.nick(), "alice_");
  EXPECT_TRUE(other.session.is_on("#lobby"));
}

TEST(chat_with_server, many_lines_arrive_in_order_however_slow_the_server_lets_them) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  std::vector<std::string> said;
  for (int i = 0; i < 100; ++i) {
    said.push_back("line " + std::to_string(i));
    alice.session.say("#lobby", said.back(), at.now().steady);
  }
  at.settle();
  EXPECT_GT(alice.session.unfinished(), 0);
  at.wait_for(alice, 60s);
  EXPECT_EQ(alice.session.unfinished(), 0);
  EXPECT_EQ(alice.session.failed(), 0);
  EXPECT_EQ(bob.messages(), said);
}

TEST(chat_with_server, long_texts_arrive_whole) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  std::string text;
  for (int i = 0; i < 700; ++i) text += "\u20ac";
  alice.session.say("#lobby", text, at.now().steady);
  at.wait_for(alice, 10s);
  std::string got;
  for (const std::string& each : bob.messages()) got += each;
  EXPECT_TRUE(got == text) << got.size() << " of " << text.size() << " bytes";
  EXPECT_EQ(alice.session.failed(), 0);
}

TEST(chat_with_server, a_message_to_nobody_fails) {
  meeting at;
  person& alice = at.arrives("alice");
  alice.session.say("nobody", "hello", at.now().steady);
  at.settle();
  EXPECT_EQ(alice.session.unfinished(), 0);
  EXPECT_EQ(alice.session.failed(), 1);
}

TEST(chat_with_server, who_leaves_is_told_goodbye) {
  meeting at;
  person& alice = at.arrives("alice");
  person& bob = at.arrives("bob");
  alice.session.quit("done");
  at.settle();
  EXPECT_EQ(alice.told.back().what, news::kind::farewell);
  EXPECT_EQ(bob.told.back().what, news::kind::quit);
}

}  // namespace
}  // namespace pentad::messenger::chat
