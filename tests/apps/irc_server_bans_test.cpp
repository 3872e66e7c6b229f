#include <gtest/gtest.h>

#include "apps/messenger/server/server_bans.hpp"

namespace pentad::messenger {
namespace {

using std::chrono_literals::operator""s;

const wall_time now{std::chrono::hours{500'000}};

suspect from(std::string_view address, std::string_view user = "bob") {
  return {user, "cloak.ip", *ip_address::parse(address)};
}

TEST(server_bans_, fit_users_hosts_and_networks) {
  EXPECT_TRUE(server_bans::fits("*@192.0.2.0/24", from("192.0.2.9")));
  EXPECT_FALSE(server_bans::fits("*@192.0.2.0/24", from("192.0.3.9")));
  EXPECT_TRUE(server_bans::fits("*@2001:db8::/32", from("2001:db8:1::1")));
  EXPECT_TRUE(server_bans::fits("b?b@192.0.2.*", from("192.0.2.9")));
  EXPECT_FALSE(server_bans::fits("ann@192.0.2.*", from("192.0.2.9")));
  EXPECT_TRUE(server_bans::fits("*@CLOAK.*", from("192.0.2.9")));
  EXPECT_FALSE(server_bans::fits("*@192.0.2.0/24", {"bob", "localhost", {}}));
}

TEST(server_bans_, take_no_mask_that_fits_everybody) {
  for (const std::string_view mask : {"", "*", "*@*", "*@", "@x", "?*@*.*", "a b@c", "*@0.0.0.0/0",
                                      "*@192.0.2.1/24", "*@192.0.2.0/33", "a!b@c", "*@name/8"}) {
    EXPECT_FALSE(ban_mask(mask)) << mask;
  }
  EXPECT_EQ(ban_mask("192.0.2.0/24"), "*@192.0.2.0/24");
  EXPECT_EQ(ban_mask("bob@*"), "bob@*");
  EXPECT_EQ(ban_mask("*.example.org"), "*@*.example.org");
}

TEST(server_bans_, end_when_their_time_is_over) {
  server_bans bans;
  bans.add({"*@192.0.2.1", "noise", "ann", now, now + 10s});
  EXPECT_NE(bans.find(from("192.0.2.1"), now + 9s), nullptr);
  EXPECT_EQ(bans.find(from("192.0.2.1"), now + 10s), nullptr);
  bans.forget_over(now + 10s);
  EXPECT_EQ(bans.size(), 0U);
}

TEST(server_bans_, replace_the_one_with_the_same_mask) {
  server_bans bans;
  bans.add({"Bob@x", "one", "ann", now, {}});
  bans.add({"bob@X", "two", "ann", now, {}});
  ASSERT_EQ(bans.size(), 1U);
  EXPECT_EQ(bans.all()[0].reason, "two");
  EXPECT_TRUE(bans.remove("BOB@x"));
  EXPECT_FALSE(bans.remove("bob@x"));
}

TEST(server_bans_, are_the_same_after_a_file) {
  server_bans bans;
  bans.add({"*@192.0.2.0/24", "said \"no\"\\", "ann", now, {}});
  bans.add({"bob@*", "caf\xC3\xA9", "cid", now, now + 60s});
  const std::string text = format_bans(bans.all());
  const auto read = parse_bans(text);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(format_bans(read->all()), text);
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ(read->all()[0].reason, "said \"no\"\\");
  EXPECT_FALSE(read->all()[0].until);
  EXPECT_EQ(read->all()[1].until, now + 60s);
}

TEST(server_bans_, in_a_wrong_file_are_refused_with_the_line) {
  const std::string good = format_bans(std::vector<server_ban>{{"bob@x", "r", "ann", now, {}}});
  EXPECT_EQ(parse_bans(good + "noise\n").error().substr(0, 13), "2: not a ban:");
  EXPECT_EQ(parse_bans(R"({"mask":5,"reason":"","set_by":"","set_at":1})").error().substr(0, 2),
            "1:");
  EXPECT_EQ(parse_bans(R"({"mask":"*@*","reason":"","set_by":"","set_at":1})").error(),
            "1: not the mask of a ban");
  EXPECT_EQ(parse_bans("[]").error().substr(0, 2), "1:");
  EXPECT_TRUE(parse_bans(""));
}

}  // namespace
}  // namespace pentad::messenger
