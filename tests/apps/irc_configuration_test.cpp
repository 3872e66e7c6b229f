#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/messenger/server/configuration.hpp"

namespace pentad::messenger {
namespace {

using ::testing::ElementsAre;
using std::chrono_literals::operator""s;

std::string refusal(std::string_view text) {
  const auto read = parse_configuration(text, "pentad.toml");
  return read ? "accepted" : to_string(read.error());
}

TEST(configuration, may_be_empty) {
  const auto read = parse_configuration("", "pentad.toml");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->name, "pentad.local");
  EXPECT_THAT(read->listen, ElementsAre("127.0.0.1:6667"));
  EXPECT_EQ(read->limit.message_burst, 5U);
  EXPECT_EQ(read->limit.messages_per_second, 2U);
}

TEST(configuration, sets_everything) {
  const auto read = parse_configuration(R"([server]
name = "irc.example.org"
network = "Example"
description = "The one in the cellar"
password = "sesame"
motd = """
Welcome.
  Be kind.
"""
listen = ["0.0.0.0:6667", "[::1]:0"]

[limits]
clients = 1
channels_per_client = 2
line_length = 1024
tag_length = 5
nick_length = 16
channel_length = 32
topic_length = 100
send_queue = 65536
registration_timeout = 10
ping_timeout = 60
message_burst = 7
messages_per_second = 8
)",
                                        "pentad.toml");
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->name, "irc.example.org");
  EXPECT_EQ(read->network, "Example");
  EXPECT_EQ(read->description, "The one in the cellar");
  EXPECT_EQ(read->password, "sesame");
  EXPECT_THAT(read->motd, ElementsAre("Welcome.", "  Be kind."));
  EXPECT_THAT(read->listen, ElementsAre("0.0.0.0:6667", "[::1]:0"));
  EXPECT_EQ(read->limit.clients, 1U);
  EXPECT_EQ(read->limit.channels_per_client, 2U);
  EXPECT_EQ(read->limit.line.line, 1024U);
  EXPECT_EQ(read->limit.line.tags, 5U);
  EXPECT_EQ(read->limit.nick_length, 16U);
  EXPECT_EQ(read->limit.channel_length, 32U);
  EXPECT_EQ(read->limit.topic_length, 100U);
  EXPECT_EQ(read->limit.send_queue, 65'536U);
  EXPECT_EQ(read->limit.registration_timeout, 10s);
  EXPECT_EQ(read->limit.ping_timeout, 60s);
  EXPECT_EQ(read->limit.message_burst, 7U);
  EXPECT_EQ(read->limit.messages_per_second, 8U);
}

TEST(configuration, with_an_unknown_key_is_refused_with_the_known_ones) {
  EXPECT_EQ(refusal("[server]\n\nnmae = \"a.b\"\n"),
            "pentad.toml:3: unknown key 'nmae' in [server]; there are: name, network, "
            "description, password, motd, listen");
  EXPECT_EQ(refusal("[sever]\n"),
            "pentad.toml:1: unknown section 'sever'; there are: server, limits");
  EXPECT_EQ(refusal("server = 1\n"), "pentad.toml:1: 'server' must be a section");
}

TEST(configuration, that_is_not_toml_is_refused_with_the_line) {
  EXPECT_THAT(refusal("[server]\nname = \n"), ::testing::StartsWith("pentad.toml:2: "));
}

TEST(configuration, with_a_wrong_value_is_refused_with_what_would_be_right) {
  const auto in = [](std::string_view section, std::string_view line) {
    return refusal("[" + std::string{section} + "]\n" + std::string{line} + "\n");
  };
  EXPECT_EQ(in("limits", "clients = \"many\""), "pentad.toml:2: clients must be a whole number");
  EXPECT_EQ(in("limits", "clients = 1.5"), "pentad.toml:2: clients must be a whole number");
  EXPECT_EQ(in("limits", "clients = 0"), "pentad.toml:2: clients must be from 1 to 1000000");
  EXPECT_EQ(in("limits", "line_length = 100"),
            "pentad.toml:2: line_length must be from 512 to 8192");
  EXPECT_EQ(in("limits", "ping_timeout = -1"),
            "pentad.toml:2: ping_timeout must be from 1 to 86400");
  EXPECT_EQ(in("server", "network = 5"), "pentad.toml:2: network must be a text");
  EXPECT_EQ(in("server", "network = \"\""),
            "pentad.toml:2: network must be 1 to 32 characters of printable ASCII");
  EXPECT_EQ(in("server", "password = \"a\\nb\""),
            "pentad.toml:2: password must be one line of at most 300 bytes");
  EXPECT_EQ(in("server", "description = \"a\\rb\""),
            "pentad.toml:2: description must be one line of at most 200 bytes");
  EXPECT_EQ(in("server", "motd = \"a\\tb\""),
            "pentad.toml:2: motd must not have control characters other than new lines");
  for (const std::string_view name : {"\"nodot\"", "\"a b.c\"", "\".\\u00e9\"", "\"\""}) {
    EXPECT_THAT(in("server", "name = " + std::string{name}),
                ::testing::StartsWith("pentad.toml:2: name must be a name of letters"));
  }
  for (const std::string_view listen : {"\"127.0.0.1:1\"", "[]", "[1]", "[\"\"]"}) {
    EXPECT_EQ(in("server", "listen = " + std::string{listen}),
              "pentad.toml:2: listen must be a list of addresses, such as [\"127.0.0.1:6667\"]");
  }
}

TEST(configuration, that_cannot_be_read_is_refused_with_the_reason) {
  const auto missing = load_configuration("/nonexistent/pentad.toml");
  ASSERT_FALSE(missing);
  EXPECT_EQ(to_string(missing.error()),
            "/nonexistent/pentad.toml: cannot be read: No such file or directory");
  const auto folder = load_configuration("/");
  ASSERT_FALSE(folder);
  EXPECT_EQ(to_string(folder.error()), "/: cannot be read: Is a directory");
}

}  // namespace
}  // namespace pentad::messenger
