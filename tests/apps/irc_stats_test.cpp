// STATS (Modern IRC, "STATS message"; RFC 1459 and 2812 for the forms of its numerics).

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/apps/irc_people.hpp"

namespace pentad::messenger::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::size_t bytes_of(const lines& heard) {
  std::size_t sum = 0;
  for (const std::string& line : heard) sum += line.size() + 2;
  return sum;
}

class stats : public ::testing::Test {
 protected:
  static configuration settings() {
    configuration made = meeting::unlimited();
    made.operators = {{"root", "secret", "*@192.0.2.*"}};
    return made;
  }

  static std::string end(char letter) {
    return std::string{":irc.test 219 alice "} + letter + " :End of /STATS report";
  }

  void alice_becomes_operator() {
    alice.says("OPER root secret");
    alice.hears();
  }

  meeting at{settings()};
  person& alice = at.arrives("alice");
};

TEST_F(stats, end_for_any_letter) {
  EXPECT_THAT(alice.answer("STATS z"), ElementsAre(end('z')));
  EXPECT_THAT(alice.answer("STATS c"), ElementsAre(end('c')));  // no other servers
  EXPECT_THAT(alice.answer("STATS :"), ElementsAre(end('*')));
  EXPECT_THAT(alice.answer("STATS"),
              ElementsAre(":irc.test 461 alice STATS :Not enough parameters"));
  EXPECT_THAT(alice.answer("STATS u elsewhere.test"),
              ElementsAre(":irc.test 402 alice elsewhere.test :No such server"));
}

TEST_F(stats, that_tell_how_the_server_is_guarded_are_for_operators) {
  for (const char letter : std::string_view{"iIkKmMoOPtTyY"}) {
    EXPECT_THAT(alice.answer(std::string{"STATS "} + letter),
                ElementsAre(":irc.test 481 alice :Permission Denied- You're not an IRC operator",
                            end(letter)));
  }
}

TEST_F(stats, u_tells_how_long_the_server_runs_and_how_many_came) {
  at.arrives("bob");
  at.enters().goes();
  at.passes(90'061s);
  const lines all = at.arrives("carol").answer("STATS u");
  EXPECT_EQ(all[0], ":irc.test 242 carol :Server Up 1 days 1:01:01");
  EXPECT_EQ(
      all[1],
      ":irc.test 250 carol :Highest connection count: 3 (2 clients) (4 connections received)");
}

TEST_F(stats, l_tells_what_ones_own_connection_has_carried) {
  at.arrives("bob");
  person& carol = at.enters("192.0.2.9");
  carol.says("NICK carol");
  carol.says("USER carol 0 * :Carol");
  const std::size_t heard = bytes_of(carol.hears());
  const std::size_t lines_heard = carol.session().output.sent().messages;
  at.passes(7s);
  EXPECT_THAT(
      carol.answer("STATS l"),
      ElementsAre(":irc.test 211 carol carol[carol@192.0.2.9] 0 " + std::to_string(lines_heard) +
                      " " + std::to_string(heard) + " 3 44 7",  // of 12, 23 and 9 bytes
                  ":irc.test 219 carol l :End of /STATS report"));
}

TEST_F(stats, l_counts_every_line_once_however_many_are_sent_together) {
  const std::uint64_t before = alice.session().output.sent().messages;
  EXPECT_THAT(alice.answer("PING 1\r\nPING 2\r\nPING 3"), SizeIs(3));
  EXPECT_EQ(alice.session().output.sent().messages, before + 3);
}

TEST_F(stats, l_tells_operators_of_all_connections_and_what_waits_for_them) {
  person& bob = at.arrives("bob");
  at.enters("192.0.2.7");
  alice.says("PRIVMSG bob :hello");  // 43 bytes that bob has not read
  const std::string sent = std::to_string(bob.session().output.sent().bytes);
  const std::string lines_put = std::to_string(bob.session().output.sent().messages);
  alice_becomes_operator();
  const lines all = alice.answer("STATS l");
  ASSERT_THAT(all, SizeIs(4));
  EXPECT_THAT(all[0], StartsWith(":irc.test 211 alice alice[alice@192.0.2.1] 0 "));
  EXPECT_THAT(all[1], StartsWith(":irc.test 211 alice bob[bob@192.0.2.1] 43 " + lines_put + " " +
                                 sent + " 2 "));
  EXPECT_EQ(all[2], ":irc.test 211 alice *[*@192.0.2.7] 0 0 0 0 0 0");
  EXPECT_EQ(all[3], end('l'));
}

TEST_F(stats, l_shows_cloaks_and_L_addresses) {
  at.settings().cloak = true;
  person& bob = at.arrives("bob");
  alice_becomes_operator();
  EXPECT_THAT(alice.answer("STATS l"), Not(Contains(HasSubstr("bob@192.0.2.1"))));
  EXPECT_THAT(alice.answer("STATS L"), Contains(HasSubstr(" bob[bob@192.0.2.1] ")));
  const lines own = bob.answer("STATS L");
  ASSERT_THAT(own, SizeIs(2));
  EXPECT_THAT(own[0], HasSubstr(" bob[bob@192.0.2.1] "));
}

TEST_F(stats, l_is_cut_short_for_whom_does_not_read) {
  at.settings().limit.send_queue = 4000;
  for (int i = 0; i < 100; ++i) at.enters();
  alice_becomes_operator();
  const lines all = alice.answer("STATS l");
  EXPECT_LT(all.size(), 100U);
  EXPECT_EQ(all[all.size() - 2], ":irc.test 416 alice STATS :Output too long: ask for less");
  EXPECT_EQ(all.back(), end('l'));
}

TEST_F(stats, m_counts_commands) {
  alice_becomes_operator();
  for (const char letter : {'M', 'm'}) {
    const std::string uses = letter == 'M' ? "1" : "2";
    EXPECT_THAT(alice.answer(std::string{"STATS "} + letter),
                ElementsAre(":irc.test 212 alice NICK 1", ":irc.test 212 alice OPER 1",
                            ":irc.test 212 alice STATS " + uses, ":irc.test 212 alice USER 1",
                            end(letter)));
  }
}

TEST_F(stats, o_lists_who_may_become_operator) {
  alice_becomes_operator();
  for (const char letter : {'o', 'O'}) {
    EXPECT_THAT(alice.answer(std::string{"STATS "} + letter),
                ElementsAre(":irc.test 243 alice O *@192.0.2.* * root", end(letter)));
  }
}

TEST_F(stats, k_lists_k_lines) {
  alice_becomes_operator();
  alice.says("KLINE bob@198.51.100.* :spam");
  alice.says("KLINE 10s 203.0.113.0/24 :noise");
  alice.hears();
  for (const char letter : {'k', 'K'}) {
    EXPECT_THAT(alice.answer(std::string{"STATS "} + letter),
                ElementsAre(":irc.test 216 alice K 198.51.100.* * bob :spam",
                            ":irc.test 216 alice K 203.0.113.0/24 * * :noise", end(letter)));
  }
  at.passes(10s);
  EXPECT_THAT(alice.answer("STATS k"),
              ElementsAre(":irc.test 216 alice K 198.51.100.* * bob :spam", end('k')));
}

TEST_F(stats, p_tells_everybody_which_operators_are_here) {
  person& bob = at.arrives("bob");
  EXPECT_THAT(alice.answer("STATS p"),
              ElementsAre(":irc.test 249 alice p :0 operator(s) online", end('p')));
  alice_becomes_operator();
  at.passes(5s);
  EXPECT_THAT(bob.answer("STATS p"),
              ElementsAre(":irc.test 249 bob p :alice (alice@192.0.2.1) Idle: 5",
                          ":irc.test 249 bob p :1 operator(s) online",
                          ":irc.test 219 bob p :End of /STATS report"));
}

TEST_F(stats, P_lists_where_the_server_listens) {
  at.settings().listen = {"192.0.2.5:6667", "[2001:db8::5]:6668"};
  alice_becomes_operator();
  EXPECT_THAT(alice.answer("STATS P"),
              ElementsAre(":irc.test 220 alice P 6667 192.0.2.5 * :listening",
                          ":irc.test 220 alice P 6668 [2001:db8::5] * :listening", end('P')));
}

TEST_F(stats, i_and_y_tell_who_may_connect_and_what_holds_for_them) {
  at.settings().exempt = {*ip_network::parse("198.51.100.0/24")};
  at.settings().gateways = {{"web", {*ip_network::parse("203.0.113.7")}}};
  alice_becomes_operator();
  EXPECT_THAT(alice.answer("STATS i"),
              ElementsAre(":irc.test 215 alice I *@* * *@* 0 clients",
                          ":irc.test 215 alice I *@198.51.100.0/24 * *@198.51.100.0/24 0 exempt",
                          ":irc.test 215 alice I *@203.0.113.7/32 * *@203.0.113.7/32 0 gateways",
                          end('i')));
  EXPECT_THAT(alice.answer("STATS y"),
              ElementsAre(":irc.test 218 alice Y clients 60 0 1048576",
                          ":irc.test 218 alice Y exempt 60 0 1048576",
                          ":irc.test 218 alice Y gateways 60 0 1048576", end('y')));
}

TEST_F(stats, t_adds_up_what_all_connections_have_carried) {
  person& bob = at.arrives("bob");
  alice_becomes_operator();
  const all_traffic before = at.state().all_traffic_so_far();
  bob.says("PING x");
  bob.hears();
  bob.says("QUIT :x");
  bob.hears();
  bob.goes();
  const all_traffic after = at.state().all_traffic_so_far();
  EXPECT_EQ(after.heard.messages, before.heard.messages + 2);
  EXPECT_EQ(after.heard.bytes, before.heard.bytes + 17);
  EXPECT_EQ(after.sent.messages, before.sent.messages + 2);
  const lines all = alice.answer("STATS t");
  EXPECT_EQ(all[0], ":irc.test 249 alice t :2 connections accepted");
  EXPECT_EQ(all[1], ":irc.test 249 alice t :Received: " + std::to_string(after.heard.messages + 1) +
                        " messages, " + std::to_string(after.heard.bytes + 9) + " bytes");
}

}  // namespace
}  // namespace pentad::messenger::testing
