// VERSION, TIME, ADMIN, INFO, LINKS, HELP, LUSERS (Modern IRC, "Server Queries and
// Commands").

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/messenger/server/commands.hpp"
#include "tests/apps/irc_people.hpp"

namespace pentad::messenger::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::StartsWith;

TEST(version, tells_what_the_server_is_and_can_do) {
  meeting at;
  person& alice = at.arrives("alice");
  const lines all = alice.answer("VERSION");
  EXPECT_THAT(all.front(), ::testing::MatchesRegex(
                               ":irc.test 351 alice pentad-[^ ]+ irc.test :A Pentad messaging .*"));
  EXPECT_THAT(all.back(), StartsWith(":irc.test 005 alice "));
  EXPECT_EQ(alice.answer("VERSION irc.*"), all);
  EXPECT_EQ(alice.answer("VERSION alice"), all);
  EXPECT_THAT(alice.answer("VERSION elsewhere.test"),
              ElementsAre(":irc.test 402 alice elsewhere.test :No such server"));
}

TEST(time, is_told_for_programs_and_for_people) {
  meeting at;
  EXPECT_THAT(at.arrives("alice").answer("TIME"),
              ElementsAre(":irc.test 391 alice irc.test 1319042451 0 :2011-10-19T16:40:51.620Z"));
}

TEST(admin, is_told_when_there_is_one) {
  EXPECT_THAT(meeting{}.arrives("alice").answer("ADMIN"),
              ElementsAre(":irc.test 423 alice irc.test :No administrative info available"));
  configuration settings = meeting::unlimited();
  settings.admin = {"The cellar", "Testers Ltd.", "admin@irc.test"};
  meeting at{settings};
  EXPECT_THAT(at.arrives("alice").answer("ADMIN"),
              ElementsAre(":irc.test 256 alice irc.test :Administrative info",
                          ":irc.test 257 alice :The cellar", ":irc.test 258 alice :Testers Ltd.",
                          ":irc.test 259 alice :admin@irc.test"));
}

TEST(info, ends) {
  meeting at;
  const lines all = at.arrives("alice").answer("INFO");
  EXPECT_THAT(all, Contains(":irc.test 371 alice :Running since 2011-10-19T16:40:51.620Z"));
  EXPECT_EQ(all.back(), ":irc.test 374 alice :End of INFO list");
}

TEST(links, has_one_server) {
  meeting at;
  EXPECT_THAT(at.arrives("alice").answer("LINKS"),
              ElementsAre(":irc.test 364 alice * irc.test :0 A Pentad messaging server",
                          ":irc.test 365 alice * :End of /LINKS list"));
}

TEST(help, tells_of_every_command_that_there_is) {
  meeting at;
  person& alice = at.arrives("alice");
  for (const command& one : commands()) {
    const lines all = alice.answer("HELP " + std::string{one.name});
    ASSERT_EQ(all.size(), 3U) << one.name;
    EXPECT_THAT(all[0], StartsWith(":irc.test 704 alice " + std::string{one.name} + " :" +
                                   std::string{one.name}));
    EXPECT_EQ(all[1], ":irc.test 705 alice " + std::string{one.name} + " :");
    EXPECT_THAT(all[2], StartsWith(":irc.test 706 alice " + std::string{one.name} + " :"));
  }
}

TEST(help, has_an_overview_and_admits_what_it_does_not_know) {
  meeting at;
  person& alice = at.arrives("alice");
  const lines all = alice.answer("HELP");
  EXPECT_THAT(all.front(), StartsWith(":irc.test 704 alice * :"));
  EXPECT_EQ(all[1], ":irc.test 705 alice * :");
  EXPECT_EQ(all.back(), ":irc.test 706 alice * :HELP <command> tells more.");
  EXPECT_THAT(alice.answer("HELP nonsense"),
              ElementsAre(":irc.test 524 alice nonsense :No help available on this topic"));
  EXPECT_THAT(alice.answer("HELP :two words"),
              ElementsAre(":irc.test 524 alice * :No help available on this topic"));
}

TEST(lusers, counts_operators_strangers_and_channels_when_there_are_some) {
  configuration settings = meeting::unlimited();
  settings.operators = {{"root", "secret", "*@*"}};
  meeting at{settings};
  person& alice = at.arrives("alice");
  alice.says("OPER root secret");
  alice.says("JOIN #a");
  at.arrives("bob").says("MODE bob +i");
  at.enters();
  EXPECT_THAT(alice.answer("LUSERS"),
              ElementsAre(":irc.test 251 alice :There are 1 users and 1 invisible on 1 servers",
                          ":irc.test 252 alice 1 :operator(s) online",
                          ":irc.test 253 alice 1 :unknown connection(s)",
                          ":irc.test 254 alice 1 :channels formed",
                          ":irc.test 255 alice :I have 2 clients and 0 servers",
                          ":irc.test 265 alice 2 2 :Current local users 2, max 2",
                          ":irc.test 266 alice 2 2 :Current global users 2, max 2"));
}

}  // namespace
}  // namespace pentad::messenger::testing
