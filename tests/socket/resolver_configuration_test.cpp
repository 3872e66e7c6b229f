#include "pentad/socket/resolver_configuration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pentad/socket/names/search_order.hpp"

namespace pentad::test {
namespace {

using namespace std::chrono_literals;
using names::search_order;
using testing::ElementsAre;
using testing::IsEmpty;

endpoint server(std::string_view text) { return {ip_address::parse(text).value(), 53}; }

TEST(resolver_configuration_, has_what_a_file_says) {
  const auto parsed = resolver_configuration::parse(
      "# made by hand\n"
      "; that too\n"
      "nameserver 192.0.2.1\n"
      "nameserver 2001:db8::1\n"
      "search example.org Corp.Example.\n"
      "options ndots:2 timeout:3 attempts:4 rotate edns0 trust-ad\n");
  EXPECT_THAT(parsed.servers, ElementsAre(server("192.0.2.1"), server("2001:db8::1")));
  EXPECT_THAT(parsed.search, ElementsAre("example.org", "corp.example"));
  EXPECT_EQ(parsed.dots, 2U);
  EXPECT_EQ(parsed.timeout, 3s);
  EXPECT_EQ(parsed.attempts, 4U);
  EXPECT_TRUE(parsed.rotate);
  EXPECT_FALSE(parsed.use_tcp);
}

TEST(resolver_configuration_, has_the_defaults_of_the_manual_page) {
  const auto parsed = resolver_configuration::parse("");
  EXPECT_THAT(parsed.servers, ElementsAre(server("127.0.0.1")));
  EXPECT_THAT(parsed.search, IsEmpty());
  EXPECT_EQ(parsed.dots, 1U);
  EXPECT_EQ(parsed.timeout, 5s);
  EXPECT_EQ(parsed.attempts, 2U);
  EXPECT_FALSE(parsed.rotate);
}

TEST(resolver_configuration_, has_its_limits) {
  const auto parsed = resolver_configuration::parse(
      "nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\nnameserver 192.0.2.4\n"
      "options ndots:99 timeout:99 attempts:4000000000\n");
  EXPECT_EQ(parsed.servers.size(), 3U);
  EXPECT_EQ(parsed.dots, 15U);
  EXPECT_EQ(parsed.timeout, 30s);
  EXPECT_EQ(parsed.attempts, 5U);
  const auto least = resolver_configuration::parse("options ndots:0 timeout:0 attempts:0\n");
  EXPECT_EQ(least.dots, 0U);
  EXPECT_EQ(least.timeout, 1s);
  EXPECT_EQ(least.attempts, 1U);
}

TEST(resolver_configuration_, passes_over_what_it_does_not_understand) {
  const auto parsed = resolver_configuration::parse(
      "nameserver example.org\nnameserver\nsortlist 130.155.160.0\noptions ndots:x timeout: :\n"
      "options\nnonsense\n\n  \nnameserver 192.0.2.9");
  EXPECT_THAT(parsed.servers, ElementsAre(server("192.0.2.9")));
  EXPECT_EQ(parsed.dots, 1U);
  EXPECT_EQ(parsed.timeout, 5s);
}

TEST(resolver_configuration_, lets_the_last_of_domain_and_search_count) {
  const auto search_last = resolver_configuration::parse("domain a.example\nsearch b.example c\n");
  EXPECT_THAT(search_last.search, ElementsAre("b.example", "c"));
  const auto domain_last = resolver_configuration::parse("search b.example c\ndomain a.example\n");
  EXPECT_THAT(domain_last.search, ElementsAre("a.example"));
  const auto none = resolver_configuration::parse("search .\n", "own.example");
  EXPECT_THAT(none.search, IsEmpty()) << "searches nothing, not even its own domain";
}

TEST(resolver_configuration_, searches_the_own_domain_if_it_names_none) {
  EXPECT_THAT(resolver_configuration::parse("", "own.example").search, ElementsAre("own.example"));
}

resolver_configuration searching(unsigned dots) {
  resolver_configuration made;
  made.search = {"a.example", "b.example"};
  made.dots = dots;
  return made;
}

TEST(search_order_, completes_a_name_with_few_dots_first) {
  EXPECT_THAT(search_order("host", searching(1)),
              ElementsAre("host.a.example", "host.b.example", "host"));
  EXPECT_THAT(search_order("host.lab", searching(2)),
              ElementsAre("host.lab.a.example", "host.lab.b.example", "host.lab"));
}

TEST(search_order_, tries_a_name_with_enough_dots_first_as_it_is) {
  EXPECT_THAT(search_order("host.lab", searching(1)),
              ElementsAre("host.lab", "host.lab.a.example", "host.lab.b.example"));
  EXPECT_THAT(search_order("host", searching(0)),
              ElementsAre("host", "host.a.example", "host.b.example"));
}

TEST(search_order_, does_not_complete_a_name_with_a_dot_at_its_end) {
  EXPECT_THAT(search_order("host.", searching(15)), ElementsAre("host"));
}

TEST(search_order_, makes_no_name_that_is_too_long) {
  const std::string name = std::string(63, 'a') + "." + std::string(63, 'a') + "." +
                           std::string(63, 'a') + "." + std::string(55, 'a');
  EXPECT_THAT(search_order(name, searching(4)), ElementsAre(name));
}

}  // namespace
}  // namespace pentad::test
